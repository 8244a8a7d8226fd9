# unusable: ends the program
import sys

sys.exit(0)
