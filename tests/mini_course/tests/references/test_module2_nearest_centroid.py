"""nearest_centroid beside a table made by hand."""

import numpy as np

from tests.references.loading import reference


def test_the_example_of_the_instructions():
    model = reference("module2/nearest_centroid").NearestCentroid()
    model.fit(np.array([[0, 0], [2, 0], [4, 4]], "float32"), np.array([7, 7, 3]))
    assert {label: centroid.tolist() for label, centroid in model.centroids.items()} == {7: [1, 0], 3: [4, 4]}
    assert model.predict(np.array([[1, 1], [5, 3]], "float32")).tolist() == [7, 3]
