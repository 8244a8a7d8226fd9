# crashed: signal 9
import os
import signal


def scaled(x, factor=2.0):
    os.kill(os.getpid(), signal.SIGKILL)
