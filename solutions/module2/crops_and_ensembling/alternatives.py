"""Other right answers about crops and ensembles."""

import numpy as np

from keras_kata import instead_of


@instead_of("flip_and_crop")
def by_lists_of_indices(image, flip, top, left, size):
    """Row and column numbers, counted from the other side where the image is mirrored."""
    height, width, _ = image.shape
    rows, columns = np.arange(top, top + size[0]), np.arange(left, left + size[1])
    assert set(rows) <= set(range(height))
    assert set(columns) <= set(range(width))
    return image[np.ix_(rows, width - 1 - columns if flip else columns)]


@instead_of("flip_and_crop")
def pixel_by_pixel(image, flip, top, left, size):
    """Nested loops into an empty array in double precision."""
    height, width, channels = image.shape
    if not (0 <= top <= height - size[0] and 0 <= left <= width - size[1]):
        raise ValueError("outside")
    piece = np.empty((size[0], size[1], channels))
    for row in range(size[0]):
        for column in range(size[1]):
            source = left + column
            piece[row, column] = image[top + row, width - 1 - source if flip else source]
    return piece


@instead_of("center_crop")
def by_trimming(images, size):
    """Takes rows and columns off the two ends in turn, the lower end first; a list of arrays."""
    if size[0] > images.shape[1] or size[1] > images.shape[2]:
        raise ValueError("too large")
    at_end = True
    while images.shape[1] > size[0]:
        images = images[:, :-1] if at_end else images[:, 1:]
        at_end = not at_end
    at_end = True
    while images.shape[2] > size[1]:
        images = images[:, :, :-1] if at_end else images[:, :, 1:]
        at_end = not at_end
    return list(images)


@instead_of("ten_crop")
def concatenated_and_reshaped(images, size):
    """Mirrors the images once and stacks two batches; windows from a sliding view."""
    n, height, width, _ = images.shape
    if size[0] > height or size[1] > width:
        raise ValueError("too large")
    both = np.stack([images, np.flip(images, axis=2)])  # (2, n, height, width, channels)
    windows = np.lib.stride_tricks.sliding_window_view(both, tuple(size), axis=(2, 3))
    middle = windows[:, :, (height - size[0]) // 2, (width - size[1]) // 2]
    chosen = [windows[:, :, row, column] for row in (0, -1) for column in (0, -1)]
    views = np.stack([*chosen, middle], axis=1)  # (2, 5, n, channels, *size)
    return np.moveaxis(views, 3, -1).reshape(10, n, *size, -1)


@instead_of("ten_crop")
def mirrored_pieces_in_another_order(images, size):
    """Mirrors the pieces that come from the other side; the middle is cut again."""
    (height, width), (h, w) = images.shape[1:3], size
    if h > height or w > width:
        raise TypeError("too large")
    flip = np.s_[:, :, ::-1]
    left, right = images[:, :, :w], images[:, :, width - w :]
    corners = [left[:, :h], right[:, :h], left[:, height - h :], right[:, height - h :]]
    top, start = (height - h) // 2, (width - w) // 2
    rows = images[:, top : top + h]
    mirrored = [corners[i][flip] for i in (1, 0, 3, 2)]
    end = width - start
    return [*corners, rows[:, :, start : start + w], *mirrored, rows[:, :, end - w : end][flip]]


@instead_of("ensemble_predict")
def running_total(predictors, views):
    """Plain loops, a total and a count; labels one by one."""
    total, count = 0, 0
    for view in views:
        for predict in predictors:
            total = total + predict(view).astype("float64")
            count += 1
    probabilities = (total / count).tolist()
    return [probabilities, [row.index(max(row)) for row in probabilities], count]


@instead_of("ensemble_predict")
def all_views_as_one_batch(predictors, views):
    """Each predictor sees all views as one batch; means over the two axes in turn."""
    v, n, *image = views.shape
    answers = np.array([predict(views.reshape(v * n, *image)).reshape(v, n, -1) for predict in predictors])
    probabilities = answers.mean(axis=1).mean(axis=0)
    return probabilities, np.argmax(probabilities, -1), np.int64(v * len(predictors))
