# failed
previous = []


def scaled(x, factor=2.0):
    previous.append(x * factor)
    return previous[-2] if len(previous) > 1 else previous[0] + 1
