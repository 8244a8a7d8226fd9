# timed out | crashed: ended itself
def scaled(x, factor=2.0):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
