# crashed: signal 11 (segmentation fault) | raised: Error
import sys

sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def scaled(x, factor=2.0):
    def down(value):
        return sorted([value, value], key=down)

    return down(x)
