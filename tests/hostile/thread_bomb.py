# raised: can't start new thread
import threading
import time


def scaled(x, factor=2.0):
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
