"""moving_average beside numpy's own convolution."""

import numpy as np

from tests.references.loading import reference


def test_averages_are_a_convolution_with_equal_weights():
    series = np.array([1, 2, 6, 3, 0], "float32")
    result = reference("module1/moving_average").moving_average(series, 3)
    np.testing.assert_allclose(result, np.convolve(series, np.full(3, 1 / 3), "valid"), rtol=1e-6)
