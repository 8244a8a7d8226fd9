# timed out
import re


def scaled(x, factor=2.0):
    re.match(r"(a*)*b", "a" * 60)
