"""Wrong answers about changing colours that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import rgb_principal_components


@instead_of("color_shift")
def same_shift_all_channels(image, delta):
    """You add the same number to red, green and blue. That makes the image brighter or darker and leaves
    its colour balance as it is; each colour has a number of its own."""
    return np.clip(image + delta[0], 0, 255).astype("uint8")


@instead_of("color_shift")
def uint8_wraparound(image, delta):
    """You add within uint8, or go back to it too early: 250 + 10 starts again from 0 there and gives 4, so
    that bright pixels turn dark. Add in a kind with room; uint8 comes last."""
    return image + delta.astype("uint8")


@instead_of("color_shift")
def not_clipped(image, delta):
    """You leave values below 0 and above 255. Such colours do not exist in an image of this kind."""
    return image + delta


@instead_of("color_shift")
def only_overflow_clipped(image, delta):
    """You clip what is above 255 and forget what is below 0; a delta may be negative."""
    return np.minimum(image + delta, 255).astype("uint8")


@instead_of("color_shift")
def blue_green_red(image, delta):
    """You give the first number to blue and the last to red. Some libraries order colours like that; here
    red comes first."""
    return np.clip(image + delta[::-1], 0, 255).astype("uint8")


@instead_of("color_shift")
def float_image_returned(image, delta):
    """You return floating-point numbers. Whoever shows such an image expects 0..1 in it and sees white; go
    back to whole numbers."""
    return np.clip(image.astype("float32") + delta, 0.0, 255.0)


@instead_of("rgb_principal_components")
def not_centred(images):
    """You do not subtract the mean. Then the first component points from black to the mean colour, and the
    result says more about brightness than about how colours vary."""
    pixels = images.reshape(-1, 3)
    return _ordered(*np.linalg.eigh(pixels.T @ pixels / len(pixels)))


@instead_of("rgb_principal_components")
def ascending_order(images):
    """You return the smallest eigenvalue first, as the routine for eigenvalues does. The component along
    which colours vary most comes first."""
    eigenvalues, vectors = rgb_principal_components(images)
    return eigenvalues[::-1], vectors[:, ::-1]


@instead_of("rgb_principal_components")
def only_eigenvalues_reordered(images):
    """You put the eigenvalues in order and leave the vectors where they were. Each eigenvalue belongs to
    one vector, and the two have to move together."""
    eigenvalues, vectors = rgb_principal_components(images)
    return eigenvalues, vectors[:, ::-1]


@instead_of("rgb_principal_components")
def rows_instead_of_columns(images):
    """You return the components as rows of the matrix. They are its columns here, so that the matrix times
    a vector of amounts gives a colour."""
    eigenvalues, vectors = rgb_principal_components(images)
    return eigenvalues, vectors.T


@instead_of("rgb_principal_components")
def per_image_covariance(images):
    """You treat each image by itself, with a mean or a covariance of its own. The differences between the
    images are lost that way; put all pixels of all images together."""
    each = [np.cov(image.reshape(-1, 3), rowvar=False, bias=True) for image in images]
    return _ordered(*np.linalg.eigh(np.mean(each, axis=0)))


@instead_of("rgb_principal_components")
def first_image_only(images):
    """You look at the first image only; the components belong to the data set, all images of it."""
    return rgb_principal_components(images[:1])


@instead_of("rgb_principal_components")
def sample_covariance(images):
    """You divide by one less than the number of pixels. Divide by the number of pixels: what is asked is the
    covariance of these pixels, the population."""
    return _ordered(*np.linalg.eigh(np.cov(images.reshape(-1, 3), rowvar=False)))


@instead_of("rgb_principal_components")
def not_divided(images):
    """You add up the products and do not divide by the number of pixels, so a larger data set would look
    more colourful. The covariance is an average."""
    eigenvalues, vectors = rgb_principal_components(images)
    return eigenvalues * (images.size // 3), vectors


@instead_of("rgb_principal_components")
def correlation_used(images):
    """You divide each colour by its standard deviation first, which gives the correlations. Then a colour
    that hardly varies counts as much as the others; take the covariance."""
    return _ordered(*np.linalg.eigh(np.corrcoef(images.reshape(-1, 3), rowvar=False)))


@instead_of("rgb_principal_components")
def standard_deviations_returned(images):
    """You return the standard deviation along each component. The eigenvalue is the variance, its
    square."""
    eigenvalues, vectors = rgb_principal_components(images)
    return np.sqrt(np.maximum(eigenvalues, 0)), vectors


@instead_of("rgb_principal_components")
def singular_values_returned(images):
    """You return the singular values of the pixels. They grow with the number of pixels and are lengths: the eigenvalue
    of a covariance is the square of one, divided by how many pixels there are."""
    eigenvalues, vectors = rgb_principal_components(images)
    return np.sqrt(eigenvalues.clip(0) * (images.size / 3)), vectors


@instead_of("rgb_principal_components")
def first_entry_positive(images):
    """You turn each component so that its first entry is positive. The rule asks for the entry with the
    largest absolute value; the first may be tiny, and its sign an accident."""
    eigenvalues, vectors = rgb_principal_components(images)
    return eigenvalues, vectors * np.where(vectors[0] < 0, -1, 1)


@instead_of("rgb_principal_components")
def sum_positive(images):
    """You turn each component so that its entries add up to something positive. Two smaller entries can
    outweigh the largest; the rule asks for the sign of the largest alone."""
    eigenvalues, vectors = rgb_principal_components(images)
    return eigenvalues, vectors * np.where(vectors.sum(axis=0) < 0, -1, 1)


@instead_of("rgb_principal_components")
def signs_left_to_chance(images):
    """You return the components with whatever sign the routine gives them. Turn each so that its entry with
    the largest absolute value is positive."""
    eigenvalues, vectors = np.linalg.eigh(np.cov(images.reshape(-1, 3), rowvar=False, bias=True))
    return eigenvalues[::-1], vectors[:, ::-1]


@instead_of("pca_color_jitter")
def square_root_of_eigenvalue(image, eigenvalues, vectors, alpha):
    """You multiply by the square root of the eigenvalue, the standard deviation. That is a sensible size,
    too, but the formula has the eigenvalue itself."""
    return image + vectors @ (alpha * np.sqrt(eigenvalues))


@instead_of("pca_color_jitter")
def eigenvalues_ignored(image, eigenvalues, vectors, alpha):
    """You go equally far along all components. The eigenvalues are there to go further where the colours of
    the data set vary more."""
    return image + vectors @ alpha


@instead_of("pca_color_jitter")
def components_taken_from_rows(image, eigenvalues, vectors, alpha):
    """You read the components from the rows of the matrix; they are its columns."""
    return image + vectors.T @ (alpha * eigenvalues)


@instead_of("pca_color_jitter")
def directions_ignored(image, eigenvalues, vectors, alpha):
    """You add the three amounts to red, green and blue themselves. Each amount says how far to go along one
    component, and a component has a part in all three colours."""
    return image + alpha * eigenvalues


@instead_of("pca_color_jitter")
def same_amount_all_channels(image, eigenvalues, vectors, alpha):
    """You add one number to all three colours, which changes the brightness. The offset is a colour: three
    numbers."""
    return image + (vectors @ (alpha * eigenvalues)).sum()


@instead_of("pca_color_jitter")
def per_pixel_noise(image, eigenvalues, vectors, alpha):
    """You change every pixel by another amount, which makes the image grainy. One offset is added to all
    pixels, as if the light had changed."""
    return image + np.random.normal(size=image.shape) * alpha * eigenvalues @ vectors.T


@instead_of("pca_color_jitter")
def pixels_stretched(image, eigenvalues, vectors, alpha):
    """Your offset depends on the pixel: you stretch each pixel's own coordinates. The offset is the same
    for all pixels of an image."""
    return image + (image @ vectors * alpha * eigenvalues) @ vectors.T


@instead_of("pca_color_jitter")
def jitter_clipped(image, eigenvalues, vectors, alpha):
    """You clip the result to 0..1. The image may be in another unit; here values may leave their range, and
    whoever needs them inside clips later."""
    return np.clip(image + vectors @ (alpha * eigenvalues), 0, 1)


def _ordered(ascending, vectors):
    largest = vectors[np.abs(vectors).argmax(axis=0), [0, 1, 2]]
    return ascending[::-1], (vectors * np.sign(largest))[:, ::-1]
