"""Other right answers about changing colours."""

import numpy as np

from keras_kata import instead_of


@instead_of("color_shift")
def channel_by_channel(image, delta):
    """A loop over the channels, in int16, with minimum and maximum."""
    shifted = np.zeros_like(image)
    for channel in range(3):
        values = image[..., channel].astype(np.int16) + np.int16(delta[channel])
        shifted[..., channel] = np.minimum(np.maximum(values, 0), 255)
    return shifted


@instead_of("color_shift")
def nested_lists(image, delta):
    """Plain Python numbers in nested lists."""
    return [
        [[sorted((0, v + d, 255))[1] for v, d in zip(pixel, delta.tolist(), strict=True)] for pixel in row]
        for row in image.tolist()
    ]


@instead_of("color_shift")
def looked_up(image, delta):
    """A table of all 256 values for each channel."""
    tables = [np.uint8([min(max(value + d, 0), 255) for value in range(256)]) for d in delta]
    return np.stack([tables[c][image[:, :, c]] for c in range(3)], axis=2)


@instead_of("rgb_principal_components")
def singular_values(images):
    """SVD of the centred pixels, in single precision; signs in a loop."""
    pixels = np.concatenate([image.reshape(-1, 3) for image in images])
    pixels = pixels - pixels.mean(axis=0)
    _, singular, rows = np.linalg.svd(pixels, full_matrices=False)
    for row in rows:
        if row[np.argmax(np.abs(row))] < 0:
            row *= -1
    return singular**2 / len(pixels), rows.T


@instead_of("rgb_principal_components")
def general_eigenvalues_sorted(images):
    """A covariance written out as a sum, np.linalg.eig and a sort; max against min for the sign."""
    pixels = images.astype("float64").reshape(-1, 3)
    mean = sum(pixels) / len(pixels)
    covariance = sum(np.outer(pixel - mean, pixel - mean) for pixel in pixels) / len(pixels)
    values, vectors = np.linalg.eig(covariance)
    order = np.argsort(-values)
    columns = [vectors[:, k] if vectors[:, k].max() > -vectors[:, k].min() else -vectors[:, k] for k in order]
    return [values[order], np.stack(columns, axis=1)]


@instead_of("rgb_principal_components")
def moments(images):
    """Mean of the products minus the product of the means; a list of tuples."""
    r = [images[..., i].astype("float64").ravel() for i in range(3)]
    c = [[np.mean(r[i] * r[j]) - r[i].mean() * r[j].mean() for j in range(3)] for i in range(3)]
    values, vectors = np.linalg.eigh(np.array(c))
    turned = [v / np.sign(max(v, key=abs)) for v in vectors.T[::-1]]
    return sorted(values, reverse=True), list(zip(*turned, strict=True))


@instead_of("pca_color_jitter")
def component_by_component(image, eigenvalues, vectors, alpha):
    """Adds one component after another to a copy in double precision."""
    result = np.array(image, "float64")
    for k in range(3):
        result += alpha[k] * eigenvalues[k] * vectors[:, k]
    return result


@instead_of("pca_color_jitter")
def einsum_and_lists(image, eigenvalues, vectors, alpha):
    """An einsum for the offset, and nested lists."""
    offset = np.einsum("ck,k,k->c", vectors, alpha, eigenvalues)
    return [[[float(value + o) for value, o in zip(p, offset, strict=True)] for p in row] for row in image]


@instead_of("pca_color_jitter")
def scaled_columns(image, eigenvalues, vectors, alpha):
    """Scales the columns and adds them up; a constant image of offsets."""
    offset = (vectors * alpha * eigenvalues).sum(axis=1)
    return np.add(image, np.full(image.shape, offset))
