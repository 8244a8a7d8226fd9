"""Wrong running means that people write."""

from keras_kata import instead_of

from .reference import RunningMean


@instead_of("RunningMean")
class count_starts_at_one(RunningMean):
    """You count one value too many, as if there had been one before the first."""

    def __init__(self):
        super().__init__()
        self._count = 1


@instead_of("RunningMean")
class averaged_with_the_last(RunningMean):
    """You average the old mean with the new value, half and half; the more values there were, the less a new
    one weighs."""

    def add(self, value):
        self._mean = value if self._count == 0 else (self._mean + value) / 2
        self._count += 1


@instead_of("RunningMean")
class sum_instead_of_mean(RunningMean):
    """You return the sum of the values; divide it by how many there are."""

    def mean(self):
        return self._mean * self._count


@instead_of("RunningMean")
class divided_by_no_values(RunningMean):
    """You divide by the number of values also where there are none; the mean is 0 there."""

    def mean(self):
        share = 1 / self._count
        return self._mean * self._count * share
