"""A transposed convolution is the transpose of a matrix. It is not an inverse.

Every convolution is a linear map, so it can be written as a matrix. That settles what a transposed
convolution is, about which many notes say that it "performs the inverse convolution". To see it, one
dimension, one channel, and windows that lie wholly in the input ("valid") are enough.

The input x has n numbers, the kernel has k, and windows begin `stride` numbers apart. There are

    m = floor((n - k) / stride) + 1

windows. Window i begins at number i * stride, and each of its numbers is multiplied by the kernel's number at
the same place (the kernel is not turned round). The sum is y[i]. As a matrix C, (m, n), that is

    y = C x        row i of C holds the kernel from column i * stride on, and zeros elsewhere

The transposed convolution multiplies by the same matrix, transposed:

    z = C^T y      z has n numbers again

So every y[i] stamps the kernel, multiplied by y[i], on the output from number i * stride on; where stamps
overlap they are added, and where none falls there is 0. That is all: nothing is divided by anything.

Several n lead to the same m (with k = 2 and stride 2, both n = 4 and n = 5 give m = 2), so n is handed in.

Example: kernel (1, 2), n = 5, stride 2, so m = 2.

    C = 1 2 0 0 0        x = (1, 0, 2, 1, 3)    C x = (1, 4)    C^T (1, 4) = (1, 2, 4, 8, 0)
        0 0 1 2 0

The size is back, the numbers are not. How far off they are is the reconstruction error, the length of the
difference: the root of the sum of the squares of z - x. Here z - x = (0, 2, 2, 7, -3), and the error is
sqrt(66) = 8.124. It is 0 for every x only if C^T C is the identity matrix. C makes m numbers of n, and
where m is less than n something is lost that no map can bring back; so that takes a window at every number,
a kernel of one number, and that a 1 or a -1.

With stride 1 stamps overlap: kernel (1, 2), n = 3, y = (1, 4) give (1, 2 + 4, 8) = (1, 6, 8).

What the transpose does keep is a balance, and it is the only matrix that keeps it for every x and y:

    (C x) . y  =  x . (C^T y)        with . for the dot product, the sum of products

With the first example and y = (1, -1): C x . y = 1 - 4 = -3, and x . (1, 2, -1, -2, 0) = 1 - 2 - 2 = -3. It
is also why networks have the transpose at hand: the gradient of a loss goes back through a convolution by
C^T.

Write the three functions below. Arrays come in as numpy; results are floating-point numbers. No checks of the
arguments are needed. Several channels, padding, and Keras's way of filling up the end are not part of this.

It builds on module2/transpose_conv_output_size, which told how large the results are.
"""

import numpy as np


def conv_matrix(kernel: np.ndarray, n: int, stride: int) -> np.ndarray:
    """The matrix of a strided convolution.

    Args:
        kernel: (k,) float32, k at least 1.
        n: how many numbers the input has, at least k.
        stride: how far apart windows begin, at least 1; it may be larger than k.

    Returns:
        C, (m, n) float.
    """
    raise NotImplementedError


def transpose_conv(y: np.ndarray, kernel: np.ndarray, n: int, stride: int) -> np.ndarray:
    """The transposed convolution, which leads from m numbers to n.

    Args:
        y: (m,) float32.
        kernel: (k,) float32, the kernel of the convolution.
        n: how many numbers the convolution's input has, at least k, so that it makes m of them.
        stride: how far apart windows begin, at least 1.

    Returns:
        C^T y, (n,) float.
    """
    raise NotImplementedError


def reconstruction_error(x: np.ndarray, kernel: np.ndarray, stride: int) -> float:
    """How far the transposed convolution of a convolution of x is away from x.

    Args:
        x: (n,) float32.
        kernel: (k,) float32, k at most n.
        stride: how far apart windows begin, at least 1.

    Returns:
        The length (Euclidean norm) of C^T C x - x, one number that is not negative.
    """
    raise NotImplementedError
