"""Known mistakes with target networks."""

import keras

from keras_kata import instead_of


@instead_of("make_target")
def alias(online):
    """Your target network holds the very variables of the online network, so whatever changes the one changes
    the other. A second name for a model, or a new model around the same layers, is no copy."""
    return online


@instead_of("make_target")
def copy_kept_between_calls(online, made=[]):  # noqa: B006 - this is the mistake
    """You keep the copy that you once made, and give it new values when another one is asked for. So whoever got
    it first loses the values of then; make a new model in every call."""
    if not made or len(made[0].weights) != len(online.weights) or made[0].input_shape != online.input_shape:
        made[:] = [keras.models.clone_model(online)]
    made[0].set_weights(online.get_weights())
    return made[0]


@instead_of("make_target")
def clone_without_weights(online):
    """Your copy has the right structure but starts with fresh random values. Cloning a model makes new layers
    from its settings; the values of the weights have to be brought over as well."""
    return keras.models.clone_model(online)


@instead_of("make_target")
def statistics_left_behind(online):
    """You bring over the trainable weights only. What a layer keeps without training it, such as the moving
    averages of batch normalisation, is missing in the copy, and its outputs depend on that."""
    target = keras.models.clone_model(online)
    for source, destination in zip(online.trainable_weights, target.trainable_weights, strict=True):
        destination.assign(source)
    return target


@instead_of("_pairs")
def trainable_only(online, target):
    """You update the trainable weights only. The moving averages of batch normalisation, and whatever is
    frozen, stay behind, though the outputs depend on them."""
    return zip(online.trainable_weights, target.trainable_weights, strict=False)


@instead_of("soft_update")
def tau_reversed(online, target, tau):
    """You give tau to the wrong network. It is the share of the online network in the new values; with a
    small tau the target should move only a little."""
    for source, destination in zip(online.weights, target.weights, strict=True):
        destination.assign((1 - tau) * source + tau * destination)


@instead_of("soft_update")
def old_value_not_faded(online, target, tau):
    """You add a part of the online weight to the whole target weight. The two shares have to add up to 1, or
    the weights grow with every update."""
    for source, destination in zip(online.weights, target.weights, strict=True):
        destination.assign(tau * source + destination)


@instead_of("soft_update")
def moves_the_online_network(online, target, tau):
    """You store the mixture in the online network. That undoes what it has learned; it is the target network
    that moves."""
    for source, destination in zip(online.weights, target.weights, strict=True):
        source.assign(tau * source + (1 - tau) * destination)


@instead_of("hard_update")
def online_overwritten(online, target):
    """You copy in the wrong direction: the online network gets the old values of the target, and what it has
    learned since the last update is lost."""
    online.set_weights(target.get_weights())


@instead_of("hard_update")
def rebinds_the_name(online, target):
    """After your hard update the target network is what it was. To give a new meaning to a name inside a function
    changes nothing outside, and `get_weights` gives copies; the values of the model's own weights have to be set."""
    target = online  # noqa: F841 - that is the mistake


@instead_of("sync_steps")
def every_step(n_steps, period):
    """You update after every step. The period says how many steps the targets are to stand still."""
    return list(range(1, n_steps + 1))


@instead_of("sync_steps")
def step_zero_counts(n_steps, period):
    """You count from 0: your first update comes before anything was learned, and a training's last one may be
    missing. The steps are numbered from 1, and the first update is due after a whole period."""
    return list(range(0, n_steps, period))


@instead_of("sync_steps")
def last_step_missing(n_steps, period):
    """You leave out the last step of the training. When its number is a multiple of the period, an update is
    due after it, as after any other."""
    return list(range(period, n_steps, period))


@instead_of("sync_steps")
def zero_among_the_steps(n_steps, period):
    """You list step 0 as well, before anything was learned. The steps are numbered from 1."""
    return list(range(0, n_steps + 1, period))
