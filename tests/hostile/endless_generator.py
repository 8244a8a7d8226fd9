# raised: generator
def scaled(x, factor=2.0):
    while True:
        yield 1
