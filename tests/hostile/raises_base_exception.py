# raised: Everything
class Everything(BaseException):
    pass


def scaled(x, factor=2.0):
    raise Everything("out")
