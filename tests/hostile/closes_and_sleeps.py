# crashed: ended itself | crashed: closed its connection
import os
import time


def scaled(x, factor=2.0):
    os.closerange(0, 1 << 16)
    time.sleep(1e6)
