# unusable: integer
def scaled(x, factor=2.0):
    return 1 << 10_000_000
