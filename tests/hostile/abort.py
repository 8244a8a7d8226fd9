# crashed: signal 6
import os


def scaled(x, factor=2.0):
    os.abort()
