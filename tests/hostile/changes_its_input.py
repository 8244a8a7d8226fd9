# failed: changes its argument
def scaled(x, factor=2.0):
    x *= factor
    return x.copy()
