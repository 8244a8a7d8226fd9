"""Cleaning, splitting and rescaling images.

Most of the work on an image classifier is done before the first layer. Files that are no images stop the
training in the middle of the night. A picture that is in the training and in the validation part makes the
validation score too good. And a network learns slowly from numbers between 0 and 255. Here are the four
steps that take care of this.

1. Cleaning. Each file comes with its name, its size in bytes, its first bytes (the header) and a digest: a
   text computed from the whole content, so that two files with the same digest are the same picture. A file
   is usable if its size is not 0 and its header begins as one of these two formats does:

       PNG     89 50 4E 47 0D 0A 1A 0A      (hexadecimal, all eight bytes)
       JPEG    FF D8 FF

   The name proves nothing: a web page saved as cat.jpg is still a web page, and a good PNG may be called
   photo.txt. Size and header were noted at different times, so a file of size 0 may have a good header. Of
   the usable files with one digest the first stays and the later ones go, whatever their names and folders.
   Files that are not usable go, and have no say in which of the others stay.

2. Splitting. `order` is a shuffled list of the positions 0 to n - 1. The first floor(n * val_fraction) of
   them are the validation part and the others the training part; floor rounds down. Names a, b, c, d, e
   with the order 3, 0, 4, 2, 1 and the fraction 0.5: floor(2.5) = 2, so validation is d, a and training is
   e, c, b.

3. Rescaling, from 0..255 to what a network likes. x is the value of a pixel:

       unit           x / 255               from 0 to 1
       symmetric      x / 127.5 - 1         from -1 to 1
       standardize    (x - mean) / std      mean 0 and standard deviation 1, for the data that they come from

   "unit" is what `rescale=1/255` or the layer `Rescaling(1 / 255)` do: they multiply, no more. The result
   is often called normalised, but its mean is not 0. For "standardize" each channel (red, green, blue) has
   its own mean and its own std, in units of 0..255. Where a std is 0, divide by 1 in its place. Example with
   one channel, mean 100 and std 50: the pixel 200 becomes 2.

   Pixels come as uint8, which holds whole numbers from 0 to 255 and nothing else: 3 - 5 becomes 254 in it.

4. Statistics. Mean and standard deviation of each channel, over all images and all positions. The standard
   deviation is that of the population: the square root of the mean squared distance from the mean. Training
   images with the red values 0, 0, 4, 4 have mean 2 and std 2 in red. A channel that is the same everywhere
   has a std of 0; return that 0.

   The statistics are learned from the training part, once, and then used for every image: for validation,
   test and real use. A validation part that is standardised by its own statistics has been looked at.

Results may be lists or arrays. Leave the arguments as they are.
"""

import numpy as np

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def keep_usable(files: list[dict]) -> list[str]:
    """The names of the files to train with, in the order in which they came.

    Args:
        files: one dict for each file, with the keys
            name: str, a path such as "cat/1.png"; all names differ;
            size: int, in bytes, 0 or more;
            header: bytes, the first bytes of the file; may be empty, or shorter than a signature;
            digest: str, the same for two files exactly if their contents are the same.

    Returns:
        Names, without the files that are not usable and without later copies of a usable one.
    """
    kept: dict[str, str] = {}  # digest: name
    for file in files:
        if file["size"] and file["header"].startswith(_SIGNATURES):
            kept.setdefault(file["digest"], file["name"])
    return list(kept.values())


def split(names: list[str], order: list[int], val_fraction: float) -> tuple[list[str], list[str]]:
    """Training and validation part.

    Args:
        names: n different names, n at least 1.
        order: each of 0 to n - 1 once, shuffled.
        val_fraction: the share of the validation part, from 0 to 1, both included.

    Returns:
        (train, val), two lists of names, both in the order that `order` gives; either may be empty.
    """
    n_val = int(len(names) * val_fraction)
    shuffled = [names[position] for position in order]
    return shuffled[n_val:], shuffled[:n_val]


def rescale(images: np.ndarray, mode: str, stats: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
    """Pixels in another range.

    Args:
        images: (n, height, width, channels) uint8.
        mode: "unit", "symmetric" or "standardize".
        stats: (mean, std), each (channels,) float32, in units of 0..255; needed for "standardize" only,
            and without effect on the other modes.

    Returns:
        (n, height, width, channels) float32.

    Raises:
        ValueError: the mode is "standardize" and there are no statistics.
    """
    pixels = images.astype("float32")
    if mode == "unit":
        return pixels / 255
    if mode == "symmetric":
        return pixels / 127.5 - 1
    if stats is None:
        raise ValueError("standardize needs the mean and the standard deviation of the training images")
    mean, std = stats
    return (pixels - mean) / np.where(std == 0, 1, std)


def channel_stats(train_images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each channel of the training images.

    Args:
        train_images: (n, height, width, channels) uint8, n at least 1.

    Returns:
        (mean, std), each (channels,) float, in units of 0..255.
    """
    return train_images.mean(axis=(0, 1, 2)), train_images.std(axis=(0, 1, 2))
