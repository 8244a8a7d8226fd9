"""A mean that is kept up to date.

A mean can be kept while values come in, without keeping the values: each new one moves the mean by its
distance from it, divided by how many values there are now.

    new mean = mean + (value - mean) / count

After 4, 0 and 2 the means are 4, 2 and 2. The mean of no values is 0.
"""


class RunningMean:
    """The mean of the values added so far."""

    def __init__(self) -> None:
        self._count = 0
        self._mean = 0.0

    def add(self, value: float) -> None:
        """Take one more value into account.

        Args:
            value: any number.
        """
        self._count += 1
        self._mean += (value - self._mean) / self._count

    def mean(self) -> float:
        """The mean of all values so far.

        Returns:
            One number; 0 where no value was added yet.
        """
        return self._mean
