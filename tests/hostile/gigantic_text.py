# crashed: bytes | crashed: memory
def scaled(x, factor=2.0):
    return "x" * 70_000_000
