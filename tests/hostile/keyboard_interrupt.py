# raised: KeyboardInterrupt
def scaled(x, factor=2.0):
    raise KeyboardInterrupt
