"""A callback that ends training at a target accuracy.

You rarely know in advance how many epochs a network needs. So you allow many, and let a callback end
training when the network is good enough. A callback is an object that Keras calls at fixed moments of `fit`:

    on_train_begin(logs)            once, before the first epoch
    on_epoch_begin(epoch, logs)     before every epoch
    on_train_batch_end(batch, logs) after every batch
    on_epoch_end(epoch, logs)       after every epoch, with all its metrics
    on_train_end(logs)              once, at the very end

`epoch` counts from 0. `logs` is a dictionary from a metric's name to its value, such as
{"loss": 0.41, "accuracy": 0.875, "val_accuracy": 0.75}. A metric's name is the one it was asked for by:
`metrics=["accuracy"]` gives "accuracy", and validation data adds "val_accuracy". After a batch the values are
those of the epoch up to there, often far from the whole epoch's. What a callback returns is thrown away.

A callback can see the model that is trained, as `self.model`. Training ends after an epoch in which the
model's attribute `stop_training` was set to True. It is the model's attribute that counts, and you only ever
need to set it: `fit` puts it back to False when it begins.

What is asked: training ends after the first epoch at whose end `logs[monitor] >= target`; exactly reaching
the target is enough. Example: with the target 0.75 and the accuracies 0.5, 0.75, 1.0 it ends after the second
epoch, and `stopped_epoch` is 2.

* `stopped_epoch` is the number of that epoch as people count, from 1, so one more than Keras's `epoch`. That
  also holds where `fit` was told to go on from a later epoch: with `initial_epoch=5` the first one is number 6.
  Where training ended for another reason, it is None.
* Epochs in which the metric is absent are ignored, and raise no error; sometimes `logs` itself is None.
* Accuracies are shares, from 0 to 1, and so is their target. But another metric may be monitored, with a
  target of 0 or below it; and a value of 0 is a value, not an absent one.
* One callback may be used for several trainings in turn. Each begins with `on_train_begin`, and knows nothing
  of the ones before. Several may be in use, in one training too, each with its own target. None knows of the
  others, and none takes back that another one has ended training.

Only what happens up to the stop is checked. Saving or restoring weights, patience and printing are not asked.
It builds on no other exercise.
"""

import keras


class StopAtAccuracy(keras.callbacks.Callback):
    """Ends training after the first epoch that reaches a target.

    Attributes:
        stopped_epoch: the epoch after which this callback ended the last training, an int counted from 1,
            or None.
    """

    def __init__(self, target: float, monitor: str = "accuracy"):
        """Take the settings.

        Args:
            target: the least value that ends training, 0.9 for 90 %.
            monitor: the name of the metric, a key of `logs`.
        """
        raise NotImplementedError
