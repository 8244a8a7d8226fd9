# timed out
import os
import signal


def scaled(x, factor=2.0):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x
