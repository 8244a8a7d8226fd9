# crashed: signal 11 (segmentation fault)
import ctypes

ctypes.string_at(0)


def scaled(x, factor=2.0):
    return x * factor
