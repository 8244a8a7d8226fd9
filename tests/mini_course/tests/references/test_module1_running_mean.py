"""running_mean beside the standard library's mean."""

from statistics import mean

from tests.references.loading import reference


def test_every_mean_is_that_of_the_values_so_far():
    running, values = reference("module1/running_mean").RunningMean(), [4, 0, 2, -7]
    for count, value in enumerate(values, start=1):
        running.add(value)
        assert running.mean() == mean(values[:count])
