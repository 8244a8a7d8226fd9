"""softmax beside a table made by hand."""

import numpy as np

from tests.references.loading import reference


def test_logarithms_of_shares_give_the_shares():
    shares = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
    np.testing.assert_allclose(reference("module2/softmax").softmax(np.log(shares) + 3), shares)
