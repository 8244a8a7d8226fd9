# raised: memory
import numpy as np


def scaled(x, factor=2.0):
    return [np.ones(1 << 24) for _ in range(1000)]
