# timed out
def scaled(x, factor=2.0):
    while True:
        pass
