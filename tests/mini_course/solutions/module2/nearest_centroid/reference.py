"""The nearest centroid.

A small classifier: the centroid of a class is the mean of its points, and a new point gets the label of the
centroid that is nearest to it.

For points (0, 0) and (2, 0) with label 7 and (4, 4) with label 3, the centroid of 7 is (1, 0) and that of 3
is (4, 4); the new point (1, 1) gets label 7.
"""

import numpy as np


class NearestCentroid:
    """A classifier.

    Attributes:
        centroids: for each label, as an int, the mean of its points, (2,) float.
    """

    def __init__(self) -> None:
        self.centroids: dict[int, np.ndarray] = {}

    def fit(self, points: np.ndarray, labels: np.ndarray) -> None:
        """Find the centroids.

        Args:
            points: (n, 2) float32.
            labels: (n,) int.
        """
        self.centroids = {int(label): points[labels == label].mean(axis=0) for label in np.unique(labels)}

    def predict(self, points: np.ndarray) -> np.ndarray:
        """The label of the nearest centroid, for each point.

        Args:
            points: (n, 2) float32.

        Returns:
            (n,) int.
        """
        labels = np.array(list(self.centroids))
        centres = np.stack(list(self.centroids.values()))
        distances = np.linalg.norm(points[:, None] - centres, axis=2)  # (n, classes)
        return labels[distances.argmin(axis=1)]
