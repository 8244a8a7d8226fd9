# failed
import numpy as np


def scaled(x, factor=2.0):
    return np.empty_like(x)
