# failed
import threading
import time


def scaled(x, factor=2.0):
    threading.Thread(target=time.sleep, args=(1e6,)).start()
    return x
