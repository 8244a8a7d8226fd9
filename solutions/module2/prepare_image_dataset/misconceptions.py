"""Wrong answers about cleaning, splitting and rescaling that people give."""

from math import ceil

import numpy as np

from keras_kata import instead_of

from .reference import _SIGNATURES, channel_stats, rescale


def _usable(file):
    return file["size"] > 0 and file["header"].startswith(_SIGNATURES)


def _first_copies(files):
    return list({file["digest"]: file["name"] for file in files[::-1]}.values())[::-1]


@instead_of("keep_usable")
def all_copies_dropped(files):
    """You drop every file that has a copy, the first one too. Then the picture is lost altogether; one of
    its copies should stay."""
    digests = [file["digest"] for file in files if _usable(file)]
    return [file["name"] for file in files if _usable(file) and digests.count(file["digest"]) == 1]


@instead_of("keep_usable")
def name_of_the_last_copy(files):
    """Of several copies you keep the last one, at the place of the first. The first should stay, with its own
    name."""
    return list({file["digest"]: file["name"] for file in files if _usable(file)}.values())


@instead_of("keep_usable")
def last_copy_kept(files):
    """Of several copies you keep the last one; the first should stay."""
    kept = {file["digest"]: file["name"] for file in files if _usable(file)}
    return [file["name"] for file in files if kept.get(file["digest"]) == file["name"]]


@instead_of("keep_usable")
def copies_kept(files):
    """You keep all copies of a picture. Once the files are split, the same picture can be in the training
    and in the validation part."""
    return [file["name"] for file in files if _usable(file)]


@instead_of("keep_usable")
def copies_sought_in_one_folder(files):
    """You look for copies within a folder only. A picture that is in two classes is the worst copy of all:
    one of its two labels is wrong."""
    kept = {}
    for file in files:
        if _usable(file):
            kept.setdefault((file["name"].split("/")[0], file["digest"]), file["name"])
    return list(kept.values())


@instead_of("keep_usable")
def extension_trusted(files):
    """You decide by the ending of the name. Anybody can rename a file; only its first bytes tell what is in
    it."""
    kept = {}
    for file in files:
        if file["size"] and file["name"].lower().endswith((".png", ".jpg", ".jpeg")):
            kept.setdefault(file["digest"], file["name"])
    return list(kept.values())


@instead_of("keep_usable")
def extension_asked_as_well(files):
    """You ask for a good header and for the ending of an image as well. A file with a good header can be
    read, whatever it is called."""
    kept = {}
    for file in files:
        if _usable(file) and file["name"].lower().endswith((".png", ".jpg", ".jpeg")):
            kept.setdefault(file["digest"], file["name"])
    return list(kept.values())


@instead_of("keep_usable")
def empty_files_kept(files):
    """You do not look at the size. A file of 0 bytes holds no picture, even if a header was once noted for
    it."""
    kept = {}
    for file in files:
        if file["header"].startswith(_SIGNATURES):
            kept.setdefault(file["digest"], file["name"])
    return list(kept.values())


@instead_of("keep_usable")
def only_part_of_the_signature(files):
    """You compare only the first four bytes with those of a PNG. The other four are there to show a file
    that was damaged when it was copied as text."""
    kept = {}
    for file in files:
        if file["size"] and file["header"].startswith((b"\x89PNG", b"\xff\xd8\xff")):
            kept.setdefault(file["digest"], file["name"])
    return list(kept.values())


@instead_of("keep_usable")
def broken_file_counts_as_first(files):
    """You look for copies before you throw out broken files, so a broken one can take a sound one with it:
    then none is left. Only files that stay may make others go."""
    first = _first_copies(files)
    return [file["name"] for file in files if file["name"] in first and _usable(file)]


@instead_of("split")
def ceil_split(names, order, val_fraction):
    """You round the size of the validation part up; it is rounded down, so that a fraction of a file is
    left to training."""
    n_val = ceil(len(names) * val_fraction)
    shuffled = [names[position] for position in order]
    return shuffled[n_val:], shuffled[:n_val]


@instead_of("split")
def nearest_size_split(names, order, val_fraction):
    """You round the size of the validation part to the nearest whole number; it is rounded down, always."""
    n_val = round(len(names) * val_fraction)
    shuffled = [names[position] for position in order]
    return shuffled[n_val:], shuffled[:n_val]


@instead_of("split")
def order_ignored(names, order, val_fraction):
    """You cut the names as they are listed. Files are usually listed class by class, so that validation
    would see the first classes only; that is why a shuffled order is given."""
    n_val = int(len(names) * val_fraction)
    return names[n_val:], names[:n_val]


@instead_of("split")
def validation_from_the_end(names, order, val_fraction):
    """You take the validation part from the end of the order; it is the beginning of it."""
    n_train = len(names) - int(len(names) * val_fraction)
    shuffled = [names[position] for position in order]
    return shuffled[:n_train], shuffled[n_train:]


@instead_of("split")
def parts_swapped(names, order, val_fraction):
    """You return the validation part first; the training part comes first, and the fraction is that of the
    validation part."""
    n_val = int(len(names) * val_fraction)
    shuffled = [names[position] for position in order]
    return shuffled[:n_val], shuffled[n_val:]


@instead_of("split")
def parts_overlap(names, order, val_fraction):
    """Your training part still holds the names of the validation part. A model that has been trained on an
    image can't be tested on it."""
    shuffled = [names[position] for position in order]
    return shuffled, shuffled[: int(len(names) * val_fraction)]


@instead_of("rescale")
def integer_division(images, mode, stats=None):
    """You divide whole numbers and keep the whole part, so that nearly every pixel becomes 0. Divide so
    that the fractions stay."""
    return images // 255 if mode == "unit" else rescale(images, mode, stats)


@instead_of("rescale")
def divide_by_256(images, mode, stats=None):
    """You divide as if the brightest value were 256. There are 256 values, but they begin at 0, so the
    brightest is 255 and should reach the end of the range."""
    if mode == "standardize":
        return rescale(images, mode, stats)
    return images / 256 if mode == "unit" else images / 128 - 1


@instead_of("rescale")
def uint8_wraparound(images, mode, stats=None):
    """You subtract while the pixels are still uint8. Such a number can't be negative: below 0 it goes on at
    255, and dark pixels turn bright. Convert before you calculate."""
    return (images - 127) / 127.5 if mode == "symmetric" else rescale(images, mode, stats)


@instead_of("rescale")
def symmetric_half_range(images, mode, stats=None):
    """Your symmetric range is from -0.5 to 0.5. Its middle is right, but it should reach from -1 to 1."""
    return images / 255 - 0.5 if mode == "symmetric" else rescale(images, mode, stats)


@instead_of("rescale")
def validation_statistics(images, mode, stats=None):
    """You standardise by the mean and std of the very images that you are given. Use the statistics handed
    in: they come from the training part, and the same pixel must always become the same number."""
    if mode != "standardize" or stats is None:
        return rescale(images, mode, stats)
    return rescale(images, mode, channel_stats(images))


@instead_of("rescale")
def small_std_made_one(images, mode, stats=None):
    """You divide by 1 wherever the std is less than that. Only a std of 0 is replaced; another one, however small,
    is what it is."""
    if mode != "standardize" or stats is None:
        return rescale(images, mode, stats)
    mean, std = stats
    return (images - mean) / np.maximum(std, 1)


@instead_of("rescale")
def zero_std_forgotten(images, mode, stats=None):
    """You divide by a std of 0 where a channel is the same in all training images; what comes out is no
    number, or infinite."""
    if mode != "standardize" or stats is None:
        return rescale(images, mode, stats)
    mean, std = stats
    return (images - mean) / std


@instead_of("rescale")
def tiny_number_added_to_std(images, mode, stats=None):
    """You add a tiny number to the std. That avoids dividing by 0, but in a channel whose std is 0 any
    difference becomes enormous; there the difference should stay as it is."""
    if mode != "standardize" or stats is None:
        return rescale(images, mode, stats)
    mean, std = stats
    return (images - mean) / (std + 1e-7)


@instead_of("rescale")
def standardised_from_unit_range(images, mode, stats=None):
    """You bring the pixels to 0..1 before you standardise, but mean and std are given in units of 0..255.
    Both sides of a subtraction need the same unit."""
    if mode != "standardize" or stats is None:
        return rescale(images, mode, stats)
    mean, std = stats
    return (images / 255 - mean) / np.where(std == 0, 1, std)


@instead_of("channel_stats")
def global_statistics(train_images):
    """You take one mean and one std over all channels together. Each channel has its own: red may be bright
    where blue is dark."""
    return train_images.mean(), train_images.std()


@instead_of("channel_stats")
def statistics_of_each_image(train_images):
    """You take the statistics of each image by itself. They belong to the whole training part: one number
    per channel, over all images."""
    return train_images.mean(axis=(1, 2)), train_images.std(axis=(1, 2))


@instead_of("channel_stats")
def sample_std(train_images):
    """You divide by one less than the number of pixels. That estimates the std of a larger whole from a
    sample; asked is the std of these pixels, the population."""
    return train_images.mean(axis=(0, 1, 2)), train_images.std(axis=(0, 1, 2), ddof=1)


@instead_of("channel_stats")
def variance_returned(train_images):
    """You return the variance; the standard deviation is its square root."""
    return train_images.mean(axis=(0, 1, 2)), train_images.var(axis=(0, 1, 2))


@instead_of("channel_stats")
def zero_std_reported_as_one(train_images):
    """You return 1 for the std of a channel that is the same everywhere. Its std is 0; what to divide by
    then is decided when images are rescaled."""
    mean, std = channel_stats(train_images)
    return mean, np.where(std == 0, 1, std)
