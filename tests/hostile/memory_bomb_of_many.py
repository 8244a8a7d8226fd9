# crashed: of memory, all its processes together | timed out | raised
import os
import time


def scaled(x, factor=2.0):
    for _ in range(8):
        if os.fork() == 0:
            kept = bytearray(b"x" * (100 << 20))
            time.sleep(1e6)
            print(kept)
    time.sleep(1e6)
