# raised: nested more than
def scaled(x, factor=2.0):
    result = []
    for _ in range(100_000):
        result = [result]
    return result
