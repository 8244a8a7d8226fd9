# raised: 5,000,000 | raised: MemoryError | timed out
def scaled(x, factor=2.0):
    return [[]] * 20_000_000
