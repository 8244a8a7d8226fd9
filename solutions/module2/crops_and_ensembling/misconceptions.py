"""Wrong answers about crops and ensembles that people give."""

import numpy as np

from keras_kata import instead_of

from .reference import _cut, _mirrored, center_crop, ensemble_predict, flip_and_crop, ten_crop


def _five(images, size):
    bottom, right = images.shape[1] - size[0], images.shape[2] - size[1]
    corners = [_cut(images, top, left, size) for top in (0, bottom) for left in (0, right)]
    return [*corners, center_crop(images, size)]


def _answers(predictors, views):
    return np.array([predict(view) for predict in predictors for view in views])


def _summary(probabilities, evaluations):
    return probabilities, probabilities.argmax(axis=1), evaluations


@instead_of("_mirrored")
def vertical_flip(images):
    """You turn the picture upside down. To mirror it is to exchange left and right, which is the axis of
    the columns."""
    return images[..., ::-1, :, :]


@instead_of("_mirrored")
def channels_reversed(images):
    """You reverse the last axis. That is the colours: red becomes blue, and nothing moves."""
    return images[..., ::-1]


@instead_of("ten_crop")
def batch_axis_flip(images, size):
    """You reverse the first axis of the batch, which puts the images in another order and mirrors none of
    them."""
    return np.stack(_five(images, size) + _five(images[::-1], size))


@instead_of("flip_and_crop")
def crop_then_flip(image, flip, top, left, size):
    """You cut first and mirror the piece. Then the window comes from the other side of the picture: its
    left column is meant in the mirrored image."""
    piece = _cut(image, top, left, size)
    return _mirrored(piece) if flip else piece


@instead_of("flip_and_crop")
def flip_ignored(image, flip, top, left, size):
    """You never mirror the image, whatever is asked."""
    return _cut(image, top, left, size)


@instead_of("flip_and_crop")
def top_and_left_swapped(image, flip, top, left, size):
    """You have the top row and the left column exchanged; rows come first, as in the image's axes."""
    return flip_and_crop(image, flip, left, top, size)


@instead_of("flip_and_crop")
def size_as_width_height(image, flip, top, left, size):
    """You read the size as (width, height). It is (height, width), as in the image's axes; many programs
    for images have it the other way round."""
    return flip_and_crop(image, flip, top, left, size[::-1])


@instead_of("center_crop")
def center_size_as_width_height(images, size):
    """You read the size as (width, height) when you cut the middle. It is (height, width), as in the
    images' axes."""
    return center_crop(images, size[::-1])


@instead_of("_cut")
def pieces_cut_short(images, top, left, size):
    """You do not look whether the window is inside. A slice that reaches too far is cut short without an
    error, and one that begins below 0 counts from the other end, so you return some other piece."""
    return images[..., top : top + size[0], left : left + size[1], :]


@instead_of("_cut")
def negative_corner_allowed(images, top, left, size):
    """You look at the bottom and the right edge only. A window can begin outside, too: a negative row
    counts from the other end and gives some other piece."""
    if top + size[0] > images.shape[-3] or left + size[1] > images.shape[-2]:
        raise ValueError("outside")
    return images[..., top : top + size[0], left : left + size[1], :]


@instead_of("_cut")
def last_row_and_column_refused(images, top, left, size):
    """You refuse windows that touch the bottom or the right edge. They end exactly where the image ends, so
    they are inside."""
    if min(top, left) < 0 or top + size[0] >= images.shape[-3] or left + size[1] >= images.shape[-2]:
        raise ValueError("outside")
    return images[..., top : top + size[0], left : left + size[1], :]


@instead_of("center_crop")
def round_up_center(images, size):
    """You round the margin above and on the left up when an odd number is left over; it is rounded down."""
    return _cut(images, (images.shape[1] - size[0] + 1) // 2, (images.shape[2] - size[1] + 1) // 2, size)


@instead_of("center_crop")
def center_to_the_nearest(images, size):
    """You round half of what is left over to the nearest whole number. Python rounds a half to the even
    neighbour, so 1.5 becomes 2; it should be rounded down, always."""
    return _cut(images, round((images.shape[1] - size[0]) / 2), round((images.shape[2] - size[1]) / 2), size)


@instead_of("center_crop")
def middle_begins_at_half(images, size):
    """Your window begins at half of the image less a half of the window, each rounded by itself. That is
    one too many when the window alone is odd: round once, at the end."""
    return _cut(images, images.shape[1] // 2 - size[0] // 2, images.shape[2] // 2 - size[1] // 2, size)


@instead_of("ten_crop")
def pieces_mirrored(images, size):
    """You mirror the five pieces. The five windows are to be cut from the mirrored images: the top left one
    then comes from what was the top right."""
    five = _five(images, size)
    return np.stack(five + [_mirrored(piece) for piece in five])


@instead_of("ten_crop")
def mirrored_after_each(images, size):
    """You put each mirrored view right behind the one that is not mirrored; first come five views of the
    images, then five of the mirrored ones."""
    pairs = zip(_five(images, size), _five(_mirrored(images), size), strict=True)
    return np.stack([piece for pair in pairs for piece in pair])


@instead_of("ten_crop")
def corners_clockwise(images, size):
    """You go round the corners clockwise; after the top right one comes the bottom left one."""
    return ten_crop(images, size)[[0, 1, 3, 2, 4, 5, 6, 8, 7, 9]]


@instead_of("ten_crop")
def views_after_images(images, size):
    """You have the images on the first axis and the views on the second; the ten views come first."""
    return ten_crop(images, size).swapaxes(0, 1)


@instead_of("ensemble_predict")
def vote_of_labels(predictors, views):
    """You let each evaluation cast one vote for its best class. How sure it was is lost that way; average
    the probabilities."""
    answers = _answers(predictors, views)
    return _summary(np.eye(answers.shape[2])[answers.argmax(axis=2)].mean(axis=0), len(answers))


@instead_of("ensemble_predict")
def labels_by_vote(predictors, views):
    """Your averages are right, but the label is the class that wins most evaluations. It should be the one with
    the largest average: how sure each evaluation was counts too."""
    answers = _answers(predictors, views)
    votes = np.eye(answers.shape[2])[answers.argmax(axis=2)].sum(axis=0)
    return answers.mean(axis=0), votes.argmax(axis=1), len(answers)


@instead_of("ensemble_predict")
def weights_averaged(predictors, views):
    """You average before you ask: each predictor sees one blurred mixture of the views. Average what the
    predictors say, not what they are shown."""
    answers = [predict(views.mean(axis=0)) for predict in predictors]
    return _summary(np.mean(answers, axis=0), len(predictors) * len(views))


@instead_of("ensemble_predict")
def logit_order(predictors, views):
    """You apply softmax to what the predictors return. They return probabilities already; a second softmax
    pulls them all towards each other."""
    powers = np.exp(_answers(predictors, views))
    return _summary((powers / powers.sum(axis=2, keepdims=True)).mean(axis=0), len(powers))


@instead_of("ensemble_predict")
def sum_returned(predictors, views):
    """You add the probabilities up and do not divide. The label is the same, but numbers above 1 are no
    probabilities."""
    answers = _answers(predictors, views)
    return _summary(answers.sum(axis=0), len(answers))


@instead_of("ensemble_predict")
def most_confident_answer(predictors, views):
    """You keep the largest probability of each class over all evaluations. One evaluation that is wrong and
    sure of it then outweighs all others; take the average."""
    answers = _answers(predictors, views)
    return _summary(answers.max(axis=0), len(answers))


@instead_of("ensemble_predict")
def first_view_only(predictors, views):
    """You ask about the first view only, and leave the others out of the average."""
    return ensemble_predict(predictors, views[:1])


@instead_of("ensemble_predict")
def rows_of_other_images_averaged(predictors, views):
    """You hand over all views in one batch and share the rows out in the wrong order, so that rows of different
    images are averaged. All images of the first view come first, then those of the second."""
    answers = _answers(predictors, views)  # (predictors * views, n, classes)
    of_each = answers.reshape(len(predictors), answers.shape[1], len(views), -1)
    return _summary(of_each.mean(axis=(0, 2)), len(answers))


@instead_of("ensemble_predict")
def views_not_counted(predictors, views):
    """Your number of evaluations is that of the predictors. Each of them is evaluated once for every
    view."""
    return *ensemble_predict(predictors, views)[:2], len(predictors)


@instead_of("ensemble_predict")
def images_counted(predictors, views):
    """Your number of evaluations counts the images, too. A predictor takes a whole batch at once: one
    evaluation for each predictor and view."""
    probabilities, labels, evaluations = ensemble_predict(predictors, views)
    return probabilities, labels, evaluations * len(labels)
