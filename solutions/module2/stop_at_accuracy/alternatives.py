"""Other right ways to end training at a target."""

import keras
import numpy as np

from keras_kata import instead_of


@instead_of("StopAtAccuracy")
class two_guards(keras.callbacks.Callback):
    """Guard clauses, a default argument left out, a numpy number for the epoch."""

    def __init__(self, target, monitor="accuracy"):
        super().__init__()
        self._wanted = (monitor, float(target))
        self.stopped_epoch = None

    def on_train_begin(self, logs):
        self.stopped_epoch = None

    def on_epoch_end(self, epoch, logs):
        name, target = self._wanted
        if logs is None or name not in logs:
            return
        if logs[name] < target:
            return
        self.model.stop_training = True
        self.stopped_epoch = np.int64(epoch) + 1


@instead_of("StopAtAccuracy")
class inner_lambda_callback(keras.callbacks.Callback):
    """A LambdaCallback does the work; `stopped_epoch` is a property."""

    def __init__(self, target, monitor="accuracy"):
        super().__init__()
        self._epochs = []

        def check(epoch, logs):
            if logs and monitor in logs and logs[monitor] >= target:
                self._epochs.append(epoch)
                self.model.stop_training = True

        self._inner = keras.callbacks.LambdaCallback(
            on_train_begin=lambda logs: self._epochs.clear(), on_epoch_end=check
        )

    @property
    def stopped_epoch(self):
        return self._epochs[0] + 1 if self._epochs else None

    def on_train_begin(self, logs=None):
        self._inner.on_train_begin(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._inner.on_epoch_end(epoch, logs)


@instead_of("StopAtAccuracy")
class best_value(keras.callbacks.Callback):
    """Keeps the best value and compares that; the flag is put back at the beginning; state set up late."""

    def __init__(self, target, monitor="accuracy"):
        super().__init__()
        self.target, self.monitor = target, monitor

    def on_train_begin(self, logs=None):
        self.best, self.stopped_epoch = -np.inf, None
        self.model.stop_training = False

    def on_epoch_end(self, epoch, logs=None):
        self.best = max(self.best, (logs or {}).get(self.monitor, -np.inf))
        if self.best >= self.target:
            self.model.stop_training = True
            self.stopped_epoch = epoch + 1


@instead_of("StopAtAccuracy")
class number_of_the_begun_epoch(keras.callbacks.Callback):
    """Notes the epoch when it begins, and catches the KeyError of an absent metric."""

    def __init__(self, target, monitor="accuracy"):
        super().__init__()
        self.target, self.monitor, self.stopped_epoch = target, monitor, None
        self.history = []

    def on_train_begin(self, logs=None):
        self.stopped_epoch = None
        self.history.clear()

    def on_epoch_begin(self, epoch, logs=None):
        self.current = epoch + 1

    def on_epoch_end(self, epoch, logs=None):
        try:
            self.history.append(logs[self.monitor])
        except (KeyError, TypeError):
            return
        if self.history[-1] >= self.target:
            setattr(self.model, "stop_training", True)  # noqa: B010
            self.stopped_epoch = self.current
