# crashed: signal 11 (segmentation fault)
import ctypes


def scaled(x, factor=2.0):
    ctypes.string_at(0)
