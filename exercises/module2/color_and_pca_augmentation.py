"""Colour shifting and PCA colour jitter.

A ripe apple is an apple at noon and at dusk, under a lamp and under trees. What the camera reports differs
each time, and a network that has only seen noon will learn noon. Changing the colours of training images
makes it look at shapes instead. Two ways of doing so:

1. Colour shifting adds one number to all red values of an image, another one to all green and a third to
   all blue values. (The same number for all three would make the image brighter or darker, and leave the
   colour balance as it is.) Values stay in 0..255: what leaves this range becomes 0 or 255.

       pixel (250, 100, 3), delta (10, -20, -5)    ->    (255, 80, 0)

   The image is uint8, where 250 + 10 would start again from 0 and come out as 4.

2. PCA colour jitter, known from AlexNet, shifts the colours in those directions in which they vary in the
   data set anyway, and most where they vary most. Each pixel of each image is one point with three
   coordinates: red, green, blue. From all of them together come the mean (3,) and the covariance matrix
   C (3, 3):

       C[i, j] = average over all pixels of (pixel[i] - mean[i]) * (pixel[j] - mean[j])

   It is divided by the number of pixels (the population covariance). The eigenvectors of C are the
   principal components: directions of length 1, at right angles to each other. The eigenvalue of each is
   the variance of the pixels along it. They are found once, over the whole data set; the ratio of red,
   green and blue in one image has no part in it.

   An eigenvector may as well point the other way, and different programs choose differently. Here each is
   turned so that its entry with the largest absolute value is positive.

   One image is then changed by adding the same three numbers to every pixel:

       offset =   alpha[0] * eigenvalue 0 * component 0
                + alpha[1] * eigenvalue 1 * component 1
                + alpha[2] * eigenvalue 2 * component 2

   alpha (3,) is drawn anew for each image, often with a standard deviation of 0.1; here it is handed in.
   With alpha 0 the image stays as it is.

Example: a data set of the four pixels (16, 18, 10), (4, 2, 10), (14, 7, 10) and (6, 13, 10) has the mean
(10, 10, 10). The eigenvalues are 50, 12.5 and 0, and the components (0.6, 0.8, 0), (0.8, -0.6, 0) and
(0, 0, 1). With alpha (0.1, 0, 0) the offset is 0.1 * 50 * (0.6, 0.8, 0) = (3, 4, 0).

numpy.linalg may find the eigenvectors for you. All randomness is handed in; draw none yourself. Leave the
arguments as they are.

Source: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks"
(2012), section 4.1.

It builds on module2/prepare_image_dataset, after which all images have values of one scale.
"""

import numpy as np


def color_shift(image: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """An image with its three colours shifted, each by its own amount.

    Args:
        image: (height, width, 3) uint8.
        delta: (3,) int64, what to add to red, green and blue; of either sign, -1000 to 1000.

    Returns:
        (height, width, 3) uint8, in 0..255. Any integers will do, floats will not: programs that show a float
        image expect it to be in 0..1.
    """
    raise NotImplementedError


def rgb_principal_components(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The directions in which the colours of a data set vary, and how much.

    Args:
        images: (n, height, width, 3) float32, in any unit, at least 3 pixels in all. The three eigenvalues
            differ clearly, and so does the largest entry of each component from its others.

    Returns:
        (eigenvalues, vectors): (3,) float, the largest first; and (3, 3) float, of which column k,
        `vectors[:, k]`, is the component of eigenvalue k: of length 1, with its largest absolute entry
        positive.
    """
    raise NotImplementedError


def pca_color_jitter(
    image: np.ndarray, eigenvalues: np.ndarray, vectors: np.ndarray, alpha: np.ndarray
) -> np.ndarray:
    """An image whose colours are shifted along the principal components.

    Args:
        image: (height, width, 3) float32, in the unit of the data set that the components come from.
        eigenvalues: (3,) float32, the largest first.
        vectors: (3, 3) float32, one component in each column.
        alpha: (3,) float32, how far to go along each component, of either sign.

    Returns:
        (height, width, 3) float. It is not clipped: values may leave the range of the image.
    """
    raise NotImplementedError
