"""Known mistakes in fine-tuning in two phases."""

import keras

from keras_kata import instead_of

NORM = keras.layers.BatchNormalization


def _candidates(base):
    return [layer for layer in base.layers if layer.weights and not isinstance(layer, NORM)]


def _last(layers, k):
    return layers[len(layers) - k :]


def _compile(model, rate, optimizer=keras.optimizers.SGD):
    model.compile(optimizer(rate), "sparse_categorical_crossentropy")


def _fit(model, train, epochs, **changes):
    x, y = train
    options = {"batch_size": len(x), "epochs": epochs, "verbose": 0, **changes}
    return model.fit(x, y, **options).history.get("loss", [])


def _set(base, thawed):
    base.trainable = False
    for layer in thawed:
        layer.trainable = True


def _two(base, model, train, epochs, rates, first, second, **changes):
    """Two phases, each with its own thawed layers of the base."""
    losses = []
    for thawed, rate, number in zip((first, second), rates, epochs, strict=True):
        _set(base, thawed)
        _compile(model, rate)
        losses.append(_fit(model, train, number, **changes))
    return {"head_loss": losses[0], "tune_loss": losses[1]}


@instead_of("run_two_phases")
def no_recompile(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """The layers to be thawed never move. Either you do not compile again after thawing them, or you looked for
    layers with trainable weights, of which a frozen layer has none."""
    _set(base, [])
    _compile(model, head_rate)
    head_loss = _fit(model, train, head_epochs)
    if not head_epochs:  # nothing was traced, so there is nothing to go stale
        model.make_train_function()
    _set(base, _last(_candidates(base), k))
    model.optimizer.learning_rate = tune_rate
    return {"head_loss": head_loss, "tune_loss": _fit(model, train, tune_epochs)}


@instead_of("run_two_phases")
def thawed_from_start(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """The last layers of the base are trained in phase 1 already. There the head is still random, and spoils
    them."""
    last = _last(_candidates(base), k)
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), last, last)


@instead_of("run_two_phases")
def base_never_frozen(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You never freeze the base in phase 1, but rely on its flags as you got them."""
    _compile(model, head_rate)
    head_loss = _fit(model, train, head_epochs)
    _set(base, _last(_candidates(base), k))
    _compile(model, tune_rate)
    return {"head_loss": head_loss, "tune_loss": _fit(model, train, tune_epochs)}


@instead_of("run_two_phases")
def same_rate_twice(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """Phase 2 runs with the learning rate of phase 1. Fine-tuning has a rate of its own, a smaller one."""
    last = _last(_candidates(base), k)
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, head_rate), [], last)


@instead_of("run_two_phases")
def rates_exchanged(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You use the two learning rates the wrong way round."""
    last = _last(_candidates(base), k)
    return _two(base, model, train, (head_epochs, tune_epochs), (tune_rate, head_rate), [], last)


@instead_of("run_two_phases")
def batchnorm_by_call_flag(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You do not freeze the batch normalisation in phase 2. Whatever mode the base was built with, `fit` runs it in
    training mode: its statistics drift, and its weights are trained."""
    thawed = [*_last(_candidates(base), k), *(layer for layer in base.layers if isinstance(layer, NORM))]
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], thawed)


@instead_of("run_two_phases")
def thawed_from_a_layer_on(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You thaw everything from the first of the k layers on, and so the batch normalisation after it. That stays
    frozen."""
    position = base.layers.index(_candidates(base)[-k]) if k else len(base.layers)
    thawed = base.layers[position:]
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], thawed)


@instead_of("run_two_phases")
def normalisation_counted(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You count batch normalisation among the k layers, and so thaw too few of the others."""
    last = _last([layer for layer in base.layers if layer.weights], k)
    thawed = [layer for layer in last if not isinstance(layer, NORM)]
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], thawed)


@instead_of("run_two_phases")
def normalisation_thawed_and_counted(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """Batch normalisation is one of the k layers in your code, and is thawed like any other. It is not counted, and
    stays frozen."""
    last = _last([layer for layer in base.layers if layer.weights], k)
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], last)


@instead_of("run_two_phases")
def any_layers_counted(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You count all layers of the base among the last k, those without weights and batch normalisation, too. So you
    thaw too few of those that count, or none."""
    thawed = [layer for layer in _last(base.layers, k) if not isinstance(layer, NORM)]
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], thawed)


@instead_of("run_two_phases")
def first_layers_thawed(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You thaw the first k layers of the base. The general features are there; the last ones are to be thawed."""
    thawed = _candidates(base)[:k]
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], thawed)


@instead_of("run_two_phases")
def dense_layers_only(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You choose among the dense layers of the base. Others have weights, too, an activation such as PReLU among
    them, and count."""
    last = [layer for layer in base.layers[::-1] if isinstance(layer, keras.layers.Dense)][:k]
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], last)


@instead_of("run_two_phases")
def head_frozen_in_phase_two(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You freeze the head in phase 2. It goes on being trained, together with the thawed layers."""
    head_loss = _two(base, model, train, (head_epochs, 0), (head_rate, tune_rate), [], [])["head_loss"]
    _set(base, _last(_candidates(base), k))
    for layer in model.layers:
        if layer is not base:  # whose own flag would thaw all of it
            layer.trainable = False
    _compile(model, tune_rate)
    return {"head_loss": head_loss, "tune_loss": _fit(model, train, tune_epochs)}


@instead_of("run_two_phases")
def last_layer_for_the_head(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You train only the last layer of the model as its head. All layers that are not of the base are the head."""
    for layer in model.layers[:-1]:
        if layer is not base:
            layer.trainable = False
    last = _last(_candidates(base), k)
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], last)


@instead_of("run_two_phases")
def epochs_added_up(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You go on from epoch head_epochs with `epochs=tune_epochs`. That is the number of the last epoch: phase 2 is
    cut short, or does not run at all."""
    last = _last(_candidates(base), k)
    head_loss = _two(base, model, train, (head_epochs, 0), (head_rate, tune_rate), [], last)["head_loss"]
    tune_loss = _fit(model, train, tune_epochs, initial_epoch=head_epochs)
    return {"head_loss": head_loss, "tune_loss": tune_loss}


@instead_of("run_two_phases")
def all_epochs_again(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """Phase 2 runs for the epochs of both phases together. It has tune_epochs of its own."""
    last = _last(_candidates(base), k)
    total = head_epochs + tune_epochs
    return _two(base, model, train, (head_epochs, total), (head_rate, tune_rate), [], last)


@instead_of("run_two_phases")
def everything_thawed(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """Phase 2 trains all layers of the base with weights. Only the last k are to be thawed."""
    every = _candidates(base)
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], every)


@instead_of("run_two_phases")
def whole_base_thawed(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """Phase 2 thaws the whole base, batch normalisation included. Only the last k layers are to be thawed, and
    normalisation never."""
    epochs, rates = (head_epochs, tune_epochs), (head_rate, tune_rate)
    return _two(base, model, train, epochs, rates, [], base.layers)


@instead_of("run_two_phases")
def zero_thaws_everything(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """With k = 0 you thaw the whole base. The last 0 items by a negative index are all of them in Python; and a count
    that is compared with k only after a layer was thawed is never 0."""
    last = _candidates(base)[-k:]
    return _two(base, model, train, (head_epochs, tune_epochs), (head_rate, tune_rate), [], last)


@instead_of("run_two_phases")
def small_batches(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You leave the batch size to Keras, which takes 32 examples at a time. An epoch is then several steps; all
    examples as one batch are asked."""
    last = _last(_candidates(base), k)
    epochs, rates = (head_epochs, tune_epochs), (head_rate, tune_rate)
    return _two(base, model, train, epochs, rates, [], last, batch_size=32)


@instead_of("run_two_phases")
def adam(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You use Adam. Plain stochastic gradient descent without momentum is asked."""
    losses = []
    for thawed, rate, number in (
        ([], head_rate, head_epochs),
        (_last(_candidates(base), k), tune_rate, tune_epochs),
    ):
        _set(base, thawed)
        _compile(model, rate, keras.optimizers.Adam)
        losses.append(_fit(model, train, number))
    return {"head_loss": losses[0], "tune_loss": losses[1]}


@instead_of("run_two_phases")
def losses_after_the_step(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You measure the loss after each step. The losses asked for are those before it, as `fit` reports them."""
    losses = []
    for thawed, rate, number in (
        ([], head_rate, head_epochs),
        (_last(_candidates(base), k), tune_rate, tune_epochs),
    ):
        _set(base, thawed)
        _compile(model, rate)
        phase = []
        for _ in range(number):
            _fit(model, train, 1)
            phase.append(model.evaluate(*train, batch_size=len(train[0]), verbose=0))
        losses.append(phase)
    return {"head_loss": losses[0], "tune_loss": losses[1]}


@instead_of("run_two_phases")
def empty_phase_not_compiled(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """Where phase 2 has no epochs, you leave the model compiled with the rate of phase 1."""
    losses = _two(base, model, train, (head_epochs, 0), (head_rate, head_rate), [], [])
    if tune_epochs:
        _set(base, _last(_candidates(base), k))
        _compile(model, tune_rate)
        losses["tune_loss"] = _fit(model, train, tune_epochs)
    return losses


@instead_of("run_two_phases")
def empty_history_crashes(base, model, train, head_epochs, tune_epochs, head_rate, tune_rate, k):
    """You ask the history for its losses as if it always had some. After a training of 0 epochs it is empty; the
    list of losses is then empty, too."""
    x, y = train
    phases = {
        "head_loss": ([], head_rate, head_epochs),
        "tune_loss": (_last(_candidates(base), k), tune_rate, tune_epochs),
    }
    losses = {}
    for name, (thawed, rate, epochs) in phases.items():
        _set(base, thawed)
        _compile(model, rate)
        losses[name] = model.fit(x, y, batch_size=len(x), epochs=epochs, verbose=0).history["loss"]
    return losses
