# raised: can't be compared
def scaled(x, factor=2.0):
    return lambda: x
