# raised: MemoryError
import numpy as np


def scaled(x, factor=2.0):
    kept = []
    while True:
        kept.append(np.zeros(1 << 22))
