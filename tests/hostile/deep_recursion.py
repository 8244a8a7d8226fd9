# raised: RecursionError
def scaled(x, factor=2.0):
    return scaled(x)
