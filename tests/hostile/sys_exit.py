# raised: SystemExit
import sys


def scaled(x, factor=2.0):
    sys.exit(0)
