# raised: 5,000,000 | crashed: bytes
import numpy as np


def scaled(x, factor=2.0):
    return np.zeros(30_000_000, "uint8")
