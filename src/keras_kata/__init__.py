"""keras-kata: Keras exercises, and the grader that says which mistake was made.

The names here are the authoring API: what a grader, a misconceptions file and an alternatives file import.
"""

from keras_kata.authoring import (
    REJECTED,
    Case,
    accepts,
    at_least_accuracy,
    by_key,
    close,
    exact,
    instead_of,
    probe,
    same_set,
)

__all__ = [
    "REJECTED",
    "Case",
    "accepts",
    "at_least_accuracy",
    "by_key",
    "close",
    "exact",
    "instead_of",
    "probe",
    "same_set",
]
