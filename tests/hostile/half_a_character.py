# unusable
def scaled(x, factor=2.0):
    return "\ud800"
