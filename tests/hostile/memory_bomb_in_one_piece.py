# raised: MemoryError
def scaled(x, factor=2.0):
    return bytearray(1 << 30)
