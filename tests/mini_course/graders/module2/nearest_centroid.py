"""Probes of nearest_centroid."""

import numpy as np
from hypothesis import strategies as st

from keras_kata import at_least_accuracy, by_key, close, exact, probe, same_set


@st.composite
def labelled_points(draw):
    """Points (n, 2), of which those with the same label need not lie together, and their labels (n,)."""
    labels = draw(st.lists(st.integers(0, 3), min_size=1, max_size=6))
    numbers = st.integers(-8, 8).map(lambda fourths: fourths / 4)
    points = [[draw(numbers), draw(numbers)] for _ in labels]
    return {"points": np.array(points, "float32"), "labels": np.array(labels)}


@st.composite
def blobs(draw):
    """Three blobs: 30 labelled points, 60 new ones, and the new ones' labels, which are withheld."""
    random = np.random.default_rng(draw(st.integers(0, 1000)))
    labels = np.tile([5, 2, 9], 30)
    centres = {5: (0, 0), 2: (10, 0), 9: (0, 10)}
    points = np.array([centres[label] for label in labels.tolist()]) + random.normal(size=(90, 2))
    points = points.astype("float32")
    return {
        "points": points[:30],
        "labels": labels[:30],
        "new_points": points[30:],
        "_labels": labels[30:],
    }


@probe(
    points=2,
    cases=labelled_points(),
    examples=[{"points": np.array([[0, 0], [2, 0], [4, 4]], "float32"), "labels": np.array([7, 7, 3])}],
    count=25,
    agree=by_key({"classes": same_set(), "count": exact(whole_numbers=True)}, default=close()),
    hints=(
        "How many centroids are there for points with the labels 7, 7 and 3?",
        "Which points belong to the centroid of a label, and what is done with them?",
    ),
)
def fitted(impl, case):
    """The classes found, how many there are, and the centroid of each of them."""
    model = impl.NearestCentroid()
    model.fit(case["points"], case["labels"])
    centroids = {str(label): centroid for label, centroid in model.centroids.items()}
    return {"classes": list(model.centroids), "count": len(centroids), "centroids": centroids}


@probe(
    points=1,
    cases=blobs(),
    count=3,
    agree=at_least_accuracy(0.95),
    hints=("Which label does a new point get that lies right on a centroid?",),
)
def new_points(impl, case):
    """The predicted labels of new points."""
    model = impl.NearestCentroid()
    model.fit(case["points"], case["labels"])
    return model.predict(case["new_points"])
