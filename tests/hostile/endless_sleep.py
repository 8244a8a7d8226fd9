# timed out
import time


def scaled(x, factor=2.0):
    time.sleep(1e6)
