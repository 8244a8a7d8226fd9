"""Known mistakes in a callback that ends training."""

import keras

from keras_kata import instead_of

from .reference import StopAtAccuracy


def _stop(callback, epoch):
    callback.model.stop_training = True
    callback.stopped_epoch = epoch + 1


@instead_of("StopAtAccuracy")
class strictly_greater(StopAtAccuracy):
    """An accuracy exactly at the target does not end training in your code. Reaching the target is enough."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and value > self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class percent_target(StopAtAccuracy):
    """You compare the target with a percentage. Keras reports shares from 0 to 1, and the target is one too:
    your training ends a hundred times too early."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and 100 * value >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class whole_percents(StopAtAccuracy):
    """You compare whole percents. A value that falls short of the target by less than one then ends training."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and int(100 * value) >= int(100 * self.target):
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class wrong_key_acc(StopAtAccuracy):
    """By default you look for a metric called `acc`. Keras uses that name only if the metric was asked for by
    it; the default to monitor is `accuracy`."""

    def __init__(self, target, monitor="acc"):
        super().__init__(target, monitor)


@instead_of("StopAtAccuracy")
class returns_true(StopAtAccuracy):
    """You return True to end training. Keras throws away what a callback returns: it looks at the model's own
    flag."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        return value is not None and value >= self.target


@instead_of("StopAtAccuracy")
class notes_and_returns_true(StopAtAccuracy):
    """You note the epoch and return True to end training. Keras throws away what a callback returns: it looks
    at the model's own flag."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and value >= self.target:
            self.stopped_epoch = epoch + 1
            return True
        return False


@instead_of("StopAtAccuracy")
class notes_without_stopping(StopAtAccuracy):
    """You note the epoch that reaches the target, but nothing tells the model to stop: training goes on."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if self.stopped_epoch is None and value is not None and value >= self.target:
            self.stopped_epoch = epoch + 1


@instead_of("StopAtAccuracy")
class notes_each_without_stopping(StopAtAccuracy):
    """You note the epoch that reaches the target, but nothing tells the model to stop: training goes on."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and value >= self.target:
            self.stopped_epoch = epoch + 1


@instead_of("StopAtAccuracy")
class never_acts(StopAtAccuracy):
    """Your callback never does anything. Look at the metrics in a moment that Keras calls, under its very name,
    and at which it hands over the metrics of the whole epoch."""

    def on_epoch_end(self, epoch, logs=None):
        pass


@instead_of("StopAtAccuracy")
class flag_on_self(StopAtAccuracy):
    """You set `stop_training` on the callback. Nobody looks there: the flag that ends training belongs to the
    model."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and value >= self.target:
            self.stop_training = True
            self.stopped_epoch = epoch + 1


@instead_of("StopAtAccuracy")
class batch_level(StopAtAccuracy):
    """You look at the metric after each batch. There it covers only the part of the epoch so far, so one lucky
    batch ends training; wait for the end of the epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        StopAtAccuracy.on_epoch_end(self, self._epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        pass


@instead_of("StopAtAccuracy")
class batch_level_as_well(batch_level):
    """You look at the metric after each batch as well as after each epoch. After a batch it covers only the
    part of the epoch so far, so one lucky batch ends training."""

    def on_epoch_end(self, epoch, logs=None):
        StopAtAccuracy.on_epoch_end(self, epoch, logs)


@instead_of("StopAtAccuracy")
class missing_metric_crashes(StopAtAccuracy):
    """Where the metric is absent you compare None with the target, which raises an error. Such an epoch is to
    be ignored."""

    def on_epoch_end(self, epoch, logs=None):
        if (logs or {}).get(self.monitor) >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class missing_key_crashes(StopAtAccuracy):
    """You look the metric up as if every epoch had it, and raise a KeyError where it is absent. Such an epoch
    is to be ignored."""

    def on_epoch_end(self, epoch, logs=None):
        if (logs or {})[self.monitor] >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class missing_logs_crash(StopAtAccuracy):
    """You ask `logs` for the metric without making sure that there are any: sometimes `logs` is None, and that
    epoch is to be ignored."""

    def on_epoch_end(self, epoch, logs=None):
        value = logs.get(self.monitor)
        if value is not None and value >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class nothing_guarded(StopAtAccuracy):
    """You look the metric up as if every epoch had it. Where it is absent, or `logs` is None, that raises an
    error; such an epoch is to be ignored."""

    def on_epoch_end(self, epoch, logs=None):
        if logs[self.monitor] >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class none_compared(StopAtAccuracy):
    """You compare what `logs` gives without looking whether it gives anything. Where the metric is absent, or
    `logs` is None, that raises an error; such an epoch is to be ignored."""

    def on_epoch_end(self, epoch, logs=None):
        if logs.get(self.monitor) >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class absent_is_zero(StopAtAccuracy):
    """You take 0 where the metric is absent. With a target of 0 or below it, an epoch that says nothing then
    ends training."""

    def on_epoch_end(self, epoch, logs=None):
        if (logs or {}).get(self.monitor, 0) >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class zero_is_absent(StopAtAccuracy):
    """You take a value of 0 for an absent one, as both are false in Python. A metric of 0 reaches a target of
    0."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value and value >= self.target:
            _stop(self, epoch)


@instead_of("StopAtAccuracy")
class ignores_monitor(StopAtAccuracy):
    """You always look at `accuracy`, whatever metric you were told to monitor."""

    def __init__(self, target, monitor="accuracy"):
        super().__init__(target)


@instead_of("StopAtAccuracy")
class epoch_from_zero(StopAtAccuracy):
    """You report Keras's own number of the epoch, which counts from 0. `stopped_epoch` counts as people do,
    from 1."""

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch - 1, logs)


@instead_of("StopAtAccuracy")
class own_counter(StopAtAccuracy):
    """You count the epochs yourself from the beginning of this training. Where training goes on from a later
    epoch, that number differs from the one Keras gives you."""

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._count = 0

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(self._count, logs)
        self._count += 1


@instead_of("StopAtAccuracy")
class never_forgets(StopAtAccuracy):
    """`stopped_epoch` still tells of the first training when a second one begins, which may end without
    reaching the target."""

    def on_train_begin(self, logs=None):
        pass


@instead_of("StopAtAccuracy")
class forgets_at_epoch_zero(StopAtAccuracy):
    """You forget the training before when epoch 0 comes. A second training that goes on from a later epoch has
    no epoch 0, but it has a beginning."""

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 0:
            self.stopped_epoch = None


@instead_of("StopAtAccuracy")
class forgets_with_the_metric(StopAtAccuracy):
    """You forget the training before only when the metric is there again. In a second training that never has
    it, `stopped_epoch` still tells of the first."""

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        if (logs or {}).get(self.monitor) is not None:
            self.stopped_epoch = None
            super().on_epoch_end(epoch, logs)


@instead_of("StopAtAccuracy")
class zero_until_stopped(StopAtAccuracy):
    """Where the target is not reached, your `stopped_epoch` is 0, as in Keras's EarlyStopping. Asked is None."""

    def on_train_begin(self, logs=None):
        self.stopped_epoch = 0


@instead_of("StopAtAccuracy")
class shared_by_all(StopAtAccuracy):
    """You keep `stopped_epoch` in the class, so that all your callbacks share it: a training with another one
    changes what this one tells."""

    def __init__(self, target, monitor="accuracy"):
        super().__init__(target, monitor)
        del self.stopped_epoch

    def on_train_begin(self, logs=None):
        type(self).stopped_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and value >= self.target:
            self.model.stop_training = True
            type(self).stopped_epoch = epoch + 1


@instead_of("StopAtAccuracy")
class stops_only_once(StopAtAccuracy):
    """Your callback acts only while it has never ended a training before. Used for a second one, it lets that
    run on."""

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        if self.stopped_epoch is None:
            super().on_epoch_end(epoch, logs)


@instead_of("StopAtAccuracy")
class best_of_all_trainings(StopAtAccuracy):
    """You compare the best value so far, and keep it from one training to the next: the second one ends at
    once, by what the first one reached."""

    _best = None

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None:
            self._best = value if self._best is None else max(self._best, value)
            if self._best >= self.target:
                _stop(self, epoch)


@instead_of("StopAtAccuracy")
class stopped_epoch_stays_none(StopAtAccuracy):
    """Training ends, but afterwards `stopped_epoch` is None: it is never set, or cleared again at the end."""

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.stopped_epoch = None


@instead_of("StopAtAccuracy")
class last_epoch_reported(StopAtAccuracy):
    """You note every epoch in `stopped_epoch`, also where the target is never reached. Then it must be None."""

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.stopped_epoch = epoch + 1


@instead_of("StopAtAccuracy")
class target_in_the_next_epoch(StopAtAccuracy):
    """You notice only at the beginning of the next epoch that the target was reached, and so train one epoch
    too many."""

    def on_epoch_begin(self, epoch, logs=None):
        StopAtAccuracy.on_epoch_end(self, epoch - 1, self._logs)

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._logs = None

    def on_epoch_end(self, epoch, logs=None):
        self._logs = logs


@instead_of("StopAtAccuracy")
class early_stopping(keras.callbacks.EarlyStopping):
    """Keras's EarlyStopping ends training when a metric no longer gets better, not when it reaches a target."""

    def __init__(self, target, monitor="accuracy"):
        super().__init__(monitor, baseline=target, mode="max")


@instead_of("StopAtAccuracy")
class flag_set_to_false(StopAtAccuracy):
    """You set the model's `stop_training` to False after an epoch that does not reach the target. Another
    callback may have set it to True just before, and then training goes on."""

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = False
        super().on_epoch_end(epoch, logs)


@instead_of("StopAtAccuracy")
class stopped_by_any(StopAtAccuracy):
    """You note the epoch whenever training was ended, by whomever. `stopped_epoch` tells of the stops of this
    callback only; where another one ended training, it is None."""

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_end(self, logs=None):
        if self.model.stop_training:
            self.stopped_epoch = self.epoch + 1


@instead_of("StopAtAccuracy")
class losses_must_fall(StopAtAccuracy):
    """You end training when a loss is at most the target. Asked is one rule for every metric: it has to reach
    the target from below."""

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is not None and (value <= self.target if "loss" in self.monitor else value >= self.target):
            _stop(self, epoch)
