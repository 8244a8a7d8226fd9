# raised: Quiet
import os


class Quiet(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def scaled(x, factor=2.0):
    raise Quiet
