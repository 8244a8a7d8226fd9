# failed
import os
import sys


def scaled(x, factor=2.0):
    for _ in range(200):
        print("x" * 100_000)
        os.write(1, b"y" * 100_000)
        os.write(2, b"z" * 100_000)
        sys.__stdout__.write("w" * 100_000)
    return x
