# failed
kept = {}


def scaled(x, factor=2.0):
    kept["case"] = x
    return kept["case"]
