"""What the engine must know of Keras and TensorFlow. Neither is imported before an exercise imports it."""

import functools
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest import mock

import numpy as np

# Judging runs the same code often and on many shapes; that a graph is traced anew each time is no news then.
logging.getLogger("tensorflow").setLevel(logging.ERROR)

synonyms = {"tensorflow.keras": "keras", "keras.src": "keras", "keras._tf_keras.keras": "keras"}


def as_array(value: Any) -> np.ndarray | None:
    """The values of a TensorFlow tensor or a Keras variable, or None for anything else.

    Raises:
        ValueError: the tensor is symbolic, ragged or sparse, so it has no array of values.
    """
    tf, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    if tf is not None and isinstance(value, tf.Tensor | tf.Variable):
        if not hasattr(value, "numpy"):
            raise ValueError("a symbolic tensor, which has no values")
        return np.asarray(value.numpy())
    if keras is not None and isinstance(value, keras.Variable):
        return np.asarray(value.numpy())
    if tf is not None and isinstance(value, tf.RaggedTensor | tf.SparseTensor):
        raise ValueError(f"a {type(value).__name__}; return a dense tensor")
    return None


def registrations() -> dict[str, Any]:
    """The classes and functions registered with Keras's serialization so far."""
    keras = sys.modules.get("keras")
    return {} if keras is None else dict(keras.saving.get_custom_objects())


@contextmanager
def isolated(registered: dict[str, Any] | None) -> Iterator[None]:
    """Undo what running code does to Keras's global state, and start its random numbers from one seed.

    `register_keras_serializable` is process-wide: without this, the last class registered under a name
    would be loaded in place of everybody else's. TensorFlow's data sets are iterated over without tuning inside.

    Args:
        registered: what is registered inside, as `registrations` gave it after loading; None for nothing.
    """
    keras, tf = sys.modules.get("keras"), sys.modules.get("tensorflow")
    with _datasets_untuned(tf) if tf is not None else nullcontext():
        if keras is None:
            yield
        else:
            with _keras_isolated(keras, registered):
                yield


@contextmanager
def _datasets_untuned(tf: Any) -> Iterator[None]:
    """Iterate over datasets without TensorFlow's tuning of their parallelism, in all code, Keras's `fit` too.

    A thread of each iterator tunes it, and TensorFlow waits for this thread's end when the iterator is thrown
    away. On a busy machine the thread often misses that it should end, and sleeps on, for up to a minute.
    That may happen in whatever runs when Python collects its garbage: a right answer would be out of time.
    """
    untuned, iterate = tf.data.Options(), tf.data.Dataset.__iter__
    untuned.autotune.enabled = False
    with mock.patch.object(
        tf.data.Dataset, "__iter__", lambda dataset: iterate(dataset.with_options(untuned))
    ):
        yield


@contextmanager
def _keras_isolated(keras: Any, registered: dict[str, Any] | None) -> Iterator[None]:
    registry = keras.saving.get_custom_objects()
    before, policy, floatx = dict(registry), keras.config.dtype_policy(), keras.config.floatx()
    _replace(registry, registered or {})
    _restart_random_numbers(keras)
    try:
        yield
    finally:
        _replace(registry, before)
        keras.config.set_dtype_policy(policy)
        keras.config.set_floatx(floatx)


def _replace(registry: dict[str, Any], content: dict[str, Any]) -> None:
    registry.clear()
    registry.update(content)


def _restart_random_numbers(keras: Any) -> None:
    """Start all random numbers from one seed.

    TensorFlow throws away all that it has prepared when its seed is set, a fifth to a half of the time of most
    cases. So it is left alone as long as no operation with a random state of its own was made in this process;
    Keras's have none.
    """
    tf = sys.modules.get("tensorflow")
    if tf is None or _tensorflow_draws.need_restart(tf):
        keras.utils.set_random_seed(0)
        return
    with mock.patch.object(tf.random, "set_seed"):
        keras.utils.set_random_seed(0)


class _TensorFlowDraws:
    """Watches whether TensorFlow's own random numbers, such as `tf.random.uniform`, were ever asked for."""

    _MOST_SKIPPED = 50  # what TensorFlow keeps of functions that are gone is freed now and then

    def __init__(self) -> None:
        self._any = False
        self._skipped = self._MOST_SKIPPED  # what was drawn before the watch began is not known
        self._get_seed: Any = None

    def need_restart(self, tf: Any) -> bool:
        """Whether TensorFlow's random numbers may go on from another state than that of seed 0."""
        if self._get_seed is None:
            self._watch(tf)
        is_due = self._any or self._skipped == self._MOST_SKIPPED or tuple(self._get_seed(1)) != (0, 1)
        self._skipped = 0 if is_due else self._skipped + 1
        return is_due

    def _watch(self, tf: Any) -> None:
        """Every operation with a random state asks one function of TensorFlow for its seeds."""
        self._get_seed = tf.compat.v1.get_seed
        module = sys.modules[self._get_seed.__module__]
        watched_already = module.get_seed  # perhaps by another course's runtime, which goes on watching

        @functools.wraps(watched_already)
        def watched(op_seed: Any) -> Any:
            self._any = True
            return watched_already(op_seed)

        module.get_seed = watched  # type: ignore[attr-defined]


_tensorflow_draws = _TensorFlowDraws()
