"""Other right answers about cleaning, splitting and rescaling."""

from math import floor, sqrt

import numpy as np

from keras_kata import instead_of


@instead_of("keep_usable")
def list_and_set(files):
    """A loop with early continues, and a set of the digests seen."""
    names, seen = [], set()
    for file in files:
        header = file["header"]
        if file["size"] == 0:
            continue
        if (
            header[:8] != bytes([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            and header[:3] != b"\xff\xd8\xff"
        ):
            continue
        if file["digest"] in seen:
            continue
        seen.add(file["digest"])
        names.append(file["name"])
    return names


@instead_of("keep_usable")
def later_copies_overwritten(files):
    """Walks backwards, so that the first copy is what remains in the dict; hexadecimal headers; a tuple."""
    usable = [
        (file["digest"], file["name"])
        for file in files
        if file["size"] > 0 and file["header"].hex().startswith(("89504e470d0a1a0a", "ffd8ff"))
    ]
    first = dict(reversed(usable))
    return tuple(name for digest, name in usable if first[digest] == name)


@instead_of("split")
def by_numpy_indexing(names, order, val_fraction):
    """Arrays of text, indexed by arrays."""
    n_val = np.floor(len(names) * val_fraction).astype(int)
    val, train = np.split(np.array(order), [n_val])
    return np.array(names)[train], np.array(names)[val]


@instead_of("split")
def one_name_at_a_time(names, order, val_fraction):
    """A loop that counts, and a list of the two parts."""
    train, val = [], []
    for count, position in enumerate(order):
        (val if count < floor(val_fraction * len(order)) else train).append(names[position])
    return [train, val]


@instead_of("rescale")
def double_precision_and_one_formula(images, mode, stats=None):
    """An offset and a factor for every mode; double precision."""
    if mode == "standardize":
        if stats is None:
            raise ValueError("stats")
        offset = np.array(stats[0], "float64")
        factor = np.array([1 / s if s else 1.0 for s in stats[1]])
    else:
        offset, factor = {"unit": (0, 1 / 255), "symmetric": (127.5, 2 / 255)}[mode]
    return (images - np.float64(offset)) * factor


@instead_of("rescale")
def channel_by_channel(images, mode, stats=None):
    """Fills an array channel by channel; a copy of the std is repaired."""
    x = np.array(images, dtype=np.float32)
    if mode == "unit":
        x *= 1 / 255
    elif mode == "symmetric":
        x = 2 * (x / 255) - 1
    else:
        assert stats is not None
        mean, std = stats
        std = std.copy()
        std[std < 1e-12] = 1
        for channel in range(x.shape[-1]):
            x[..., channel] -= mean[channel]
            x[..., channel] /= std[channel]
    return x


@instead_of("rescale")
def unpacking_none_raises(images, mode, stats=None):
    """Nested lists of Python numbers; missing statistics raise a TypeError by themselves."""
    if mode == "standardize":
        (mean, std) = stats
        change = [lambda x, m=m, s=s: (x - m) / (s or 1) for m, s in zip(mean, std, strict=True)]
    else:
        change = [
            {"unit": lambda x: x / 255, "symmetric": lambda x: (x - 127.5) / 127.5}[mode]
        ] * images.shape[3]
    return [
        [[[f(x) for f, x in zip(change, pixel, strict=True)] for pixel in row] for row in image]
        for image in images.tolist()
    ]


@instead_of("channel_stats")
def of_a_table_of_pixels(train_images):
    """Reshaped to (pixels, channels), in single precision; lists."""
    pixels = train_images.reshape(-1, train_images.shape[-1]).astype("float32")
    mean = pixels.sum(axis=0) / len(pixels)
    return [mean, np.sqrt(((pixels - mean) ** 2).mean(axis=0)).tolist()]


@instead_of("channel_stats")
def by_moments_in_python(train_images):
    """Mean of the squares minus the square of the mean, with Python's whole numbers."""
    mean, std = [], []
    for channel in range(train_images.shape[-1]):
        values = train_images[..., channel].ravel().tolist()
        n, total = len(values), sum(values)
        mean.append(total / n)
        std.append(sqrt(n * sum(value * value for value in values) - total * total) / n)
    return mean, std
