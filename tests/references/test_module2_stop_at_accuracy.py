"""The reference callback against Keras's own history, and against a search in the list of values."""

import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

StopAtAccuracy = reference("module2/stop_at_accuracy").StopAtAccuracy


def fitted(callbacks, initial_epoch=0, epochs=40):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, 2)).astype("float32")
    y = (x.sum(axis=1) > 0.2).astype("float32")
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "sigmoid")])
    model.set_weights([np.array([[-0.4], [-0.1]]), np.zeros(1)])
    model.compile(keras.optimizers.SGD(0.3), "binary_crossentropy", metrics=["accuracy"])
    return model.fit(
        x, y, batch_size=8, epochs=epochs, initial_epoch=initial_epoch, verbose=0, callbacks=callbacks
    )


def test_the_same_training_without_it_reaches_the_target_in_that_epoch_first():
    free = fitted([]).history["accuracy"]
    target = sorted(free)[len(free) // 2]
    first = next(epoch for epoch, value in enumerate(free, start=1) if value >= target)
    assert 1 < first < len(free)
    callback = StopAtAccuracy(target)
    stopped = fitted([callback])
    assert stopped.history["accuracy"] == free[:first]
    assert callback.stopped_epoch == first


def test_a_training_that_goes_on_from_a_later_epoch_and_one_that_never_gets_there():
    callback = StopAtAccuracy(0.0)
    assert fitted([callback], initial_epoch=5, epochs=9).epoch == [5]
    assert callback.stopped_epoch == 6
    callback.target = 1.5
    assert fitted([callback], initial_epoch=5, epochs=9).epoch == [5, 6, 7, 8]
    assert callback.stopped_epoch is None


@pytest.mark.parametrize("values", [[0.5, 0.75, 1.0], [0.1, None, 0.2], [None, 0.75], [0.9], [0.74999]])
def test_the_first_value_at_the_target(values):
    class Model:
        stop_training = False

    callback, model = StopAtAccuracy(0.75, "val_accuracy"), Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"accuracy": 1.0} if value is None else {"val_accuracy": value})
        if model.stop_training:
            break
    reached = [number for number, value in enumerate(values, start=1) if value is not None and value >= 0.75]
    assert model.stop_training == bool(reached)
    assert callback.stopped_epoch == (reached[0] if reached else None)
