"""Wrong nearest centroids that people write."""

import numpy as np

from keras_kata import instead_of

from .reference import NearestCentroid


@instead_of("NearestCentroid")
class one_centroid_for_all(NearestCentroid):
    """You average all points; each class has a centroid of its own."""

    def fit(self, points, labels):
        self.centroids = {int(label): points.mean(axis=0) for label in np.unique(labels)}


@instead_of("NearestCentroid")
class sums_instead_of_means(NearestCentroid):
    """You add up the points of a class; divide by how many they are."""

    def fit(self, points, labels):
        self.centroids = {int(label): points[labels == label].sum(axis=0) for label in np.unique(labels)}


@instead_of("NearestCentroid")
class last_class_forgotten(NearestCentroid):
    """You leave the class with the largest label out."""

    def fit(self, points, labels):
        super().fit(points, labels)
        if len(self.centroids) > 1:
            del self.centroids[max(self.centroids)]


@instead_of("NearestCentroid")
class farthest_centroid(NearestCentroid):
    """You take the farthest centroid; the nearest one gives the label."""

    def predict(self, points):
        labels = np.array(list(self.centroids))
        centres = np.stack(list(self.centroids.values()))
        return labels[np.linalg.norm(points[:, None] - centres, axis=2).argmax(axis=1)]


@instead_of("NearestCentroid")
class place_instead_of_label(NearestCentroid):
    """You return the place of the nearest centroid in the list, 0, 1, 2 and so on; its label is asked for."""

    def predict(self, points):
        centres = np.stack(list(self.centroids.values()))
        return np.linalg.norm(points[:, None] - centres, axis=2).argmin(axis=1)
