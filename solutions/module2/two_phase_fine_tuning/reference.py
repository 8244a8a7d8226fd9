"""Fine-tuning in two phases: train the head, thaw the top, recompile, continue slowly.

A model made of a trained base and a new head is trained in two phases. At first the head is random, and its
errors are large: training everything at once would spoil what the base has learned. So only the head is trained,
with the base frozen. Then the layers at the base's output end, which hold the most special features, are thawed,
and training goes on with a much smaller learning rate. (With very few examples, phase 2 is better left out.)

Both phases use sparse categorical cross-entropy on the model's probabilities, stochastic gradient descent without
momentum, and all examples as one batch: an epoch is one step. In a step, every variable w that is not frozen
becomes

    w - rate * dL/dw        L: the mean loss over all examples

    phase 1    head_epochs steps with head_rate    the head is trained, nothing of the base
    phase 2    tune_epochs steps with tune_rate    the head as before, and the last k layers of the base that have
                                                   weights and are no batch normalisation

Example: a base of dense a, normalisation, activation, dense b, normalisation, activation. With k = 1 phase 2 trains
the head and b, with k = 2 a as well, with k = 0 the head only.

Mind these:

* Batch normalisation of the base stays frozen in both phases. Neither its weights nor its moving statistics change;
  frozen, it uses the statistics, also in training. Building the model with `training=False` for the base is not
  enough: `fit` overrules it.
* `trainable` is read when a model is compiled. Set it and then go on with a model that was compiled before, and the
  new setting has no effect, without a word: compile again.
* Whatever the flags of the base's layers were when you got it, they must be as phase 1 and 2 need them. (A base that
  is frozen as a whole has only frozen layers.) The head is all that is not the base, one layer or several, and is
  trainable.
* `epochs` of `fit` is the number of the last epoch, not how many more: starting anew for phase 2, from epoch 0, is
  simplest. Either number of epochs may be 0; then that phase changes nothing and has an empty list of losses.
* The model is left compiled, with the learning rate tune_rate, also where no epoch was trained.

The losses are those that `fit` reports: an epoch's loss is that before its step. Validation, callbacks, other
optimizers and choosing k are not asked. It builds on module2/transfer_head, which made such a model, and on
module2/freeze_by_data_size, where the same layers were chosen.
"""

import keras
import numpy as np


def run_two_phases(
    base: keras.Model,
    model: keras.Model,
    train: tuple[np.ndarray, np.ndarray],
    head_epochs: int,
    tune_epochs: int,
    head_rate: float,
    tune_rate: float,
    k: int,
) -> dict[str, list[float]]:
    """Train the head of a model, then the head and the end of its base.

    Args:
        base: a functional model that is part of `model`; batch normalisation occurs in it only.
        model: from x to (n, n_classes) probabilities.
        train: x: (n, d) float32 and y: (n,) int64, the class of each.
        head_epochs: steps of phase 1, 0 or more.
        tune_epochs: steps of phase 2, 0 or more.
        head_rate: learning rate of phase 1.
        tune_rate: learning rate of phase 2.
        k: how many layers of the base are thawed, from 0 to the number it has.

    Returns:
        "head_loss" and "tune_loss": the loss of each epoch of phase 1 and of phase 2.
    """
    x, y = train

    def fit(rate: float, epochs: int) -> list[float]:
        model.compile(keras.optimizers.SGD(rate), "sparse_categorical_crossentropy")
        return model.fit(x, y, batch_size=len(x), epochs=epochs, verbose=0).history.get("loss", [])

    base.trainable = False
    head_loss = fit(head_rate, head_epochs)
    norm = keras.layers.BatchNormalization
    candidates = [layer for layer in base.layers if layer.weights and not isinstance(layer, norm)]
    for layer in candidates[len(candidates) - k :]:
        layer.trainable = True
    return {"head_loss": head_loss, "tune_loss": fit(tune_rate, tune_epochs)}
