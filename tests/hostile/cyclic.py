# raised: nested more than
def scaled(x, factor=2.0):
    result = []
    result.append(result)
    return result
