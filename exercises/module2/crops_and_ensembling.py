"""Mirrored and cropped copies, crops at test time, averaging networks.

A cat is a cat when it is mirrored, and when a little is cut off at the edge. So mirrored and cropped copies
of a training image are new training images at no cost. The same can be done when a trained network is
asked: it sees several views of one image, and its answers are averaged. And several networks, trained from
different beginnings, can be asked in place of one: an ensemble.

If a network errs on an image and is right on a crop of it, then a luckier input was found and nothing
more: the network is as it was. What helps is to average over a fixed set of views, the same for every
image, and even that makes the answer better, not the network.

An image has the axes (height, width, channels), so one row of it runs from left to right. To mirror an
image is to exchange left and right; what is on top stays on top. A window is given by its top row, its left
column, and its size, (height, width), in this order. A window that is not wholly inside the image is
rejected with a ValueError, by all three functions that cut. (Some libraries return a smaller piece or
enlarge the image without a word.)

- `flip_and_crop` mirrors first and cuts afterwards. From the row 1 2 3 4, mirrored, the window with left
  column 0 and width 2 is 4 3.
- `center_crop` cuts the window in the middle. What is left over is shared: half of it, rounded down, goes
  above the window, the rest below; left and right alike. A height of 7 and a window of 4 leave 3 over: 1
  above and 2 below.
- `ten_crop` makes ten views: the windows in the corners and in the middle, and the same five of the mirrored
  image.
- `ensemble_predict` asks every predictor about every view. A predictor gives one row of probabilities for
  each image. All rows for one image, over predictors and views, are averaged with equal weight, and the
  label is the class with the largest average. Two predictors, one view, one image:

       [0.6, 0.4] and [0.1, 0.9]    average [0.35, 0.65]    label 1    2 evaluations

  It also returns the number of evaluations: one for each predictor and view, whatever the number of images
  and however the views are handed over. Five networks and ten views are 50 evaluations where there was 1
  before, which is why this is common in competitions and rare in products.

Nothing is random here. Leave the images and views as they are.

It builds on module2/prepare_image_dataset, which brought images to one size and scale.
"""

from collections.abc import Callable

import numpy as np


def flip_and_crop(image: np.ndarray, flip: bool, top: int, left: int, size: tuple[int, int]) -> np.ndarray:
    """A window of an image, or of its mirror image.

    Args:
        image: (height, width, channels) float32.
        flip: whether to mirror the image, left to right, before the window is cut.
        top: the first row of the window.
        left: the first column of the window, in the mirrored image if `flip`.
        size: (height, width) of the window, each at least 1.

    Returns:
        (*size, channels) float32.

    Raises:
        ValueError: some part of the window is outside the image.
    """
    raise NotImplementedError


def center_crop(images: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The window in the middle of each image.

    Args:
        images: (n, height, width, channels) float32.
        size: (height, width) of the window, each at least 1.

    Returns:
        (n, *size, channels) float32.

    Raises:
        ValueError: the window is higher or wider than the images.
    """
    raise NotImplementedError


def ten_crop(images: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Ten views of each image.

    Args:
        images: (n, height, width, channels) float32.
        size: (height, width) of a view, each at least 1.

    Returns:
        (10, n, *size, channels) float32: top left, top right, bottom left, bottom right, centre, then the
        same five windows of the mirrored images, in the same order.

    Raises:
        ValueError: the views are higher or wider than the images.
    """
    raise NotImplementedError


def ensemble_predict(
    predictors: list[Callable[[np.ndarray], np.ndarray]], views: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """What several predictors say on average about several views of each image.

    Args:
        predictors: functions from a batch (n, ...) float32, with n of any size, to probabilities
            (n, classes) float; at least one.
        views: (v, n, ...) float32, v views of each of n images, v at least 1.

    Returns:
        (probabilities, labels, evaluations): (n, classes) float, the averages; (n,) int; and an int, the
        number of predictors times the number of views.
    """
    raise NotImplementedError
