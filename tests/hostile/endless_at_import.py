# unusable: over 2 s
while True:
    pass
