# raised
def scaled(x, factor=2.0):
    breakpoint()
    return x
