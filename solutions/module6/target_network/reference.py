"""A slowly moving copy of a network.

A deep Q-network learns from targets that a network computes: the reward plus what the network itself expects
of the next state. If the same network is trained and gives the targets, each update moves the targets, too.
The learner runs after its own shadow, and its estimates may swing or grow without end. The remedy is a second
network of the same structure. The *online* network is trained and chooses the actions. The *target* network
only computes targets. It is never trained; now and then it takes over values from the online network, so
that the targets stand still for a while, or creep.

There are two ways to bring the target network up to date:

    hard update    every so many steps: each weight of the target becomes that of the online network
    soft update    after each step: each weight of the target moves a small part of the way,

        new w_target = tau * w_online + (1 - tau) * w_target

w_online and w_target are the values of one weight in the two networks. tau, between 0 and 1, is how large a
part of the new value comes from the online network: at 0 the target stays as it is, at 1 the soft update is a
hard one. Usual values are 0.005 or 0.01. The online network keeps its values in both kinds of update.

Example: a weight is 4 in the online network and 8 in the target network, tau is 0.25.

    after a hard update          4
    after a soft update          0.25 * 4 + 0.75 * 8 = 7
    after another soft update    0.25 * 4 + 0.75 * 7 = 6.25

"Each weight" means everything that the model lists in `model.weights`. The moving mean and the moving
variance of a batch normalisation layer belong to it. No gradient ever trains them, but the outputs depend
on them. Whether a layer or a whole network is frozen (`trainable = False`) does not matter here, either.

When a hard update is due: the steps of training are counted from 1. With a period of 4 it is due after step
4, step 8, step 12, and so on, as far as the training goes. In a training of 9 steps that makes [4, 8], in
one of 8 steps [4, 8] as well, and in one of 3 steps none, so [].

Write the four functions. The models are made of Keras's own layers, by any of the usual routes, and have
their weights already. Training the online network is not part of this exercise. `make_target` may freeze
the copy or not, as you like.

Sources: Mnih et al., "Human-level control through deep reinforcement learning" (2015), for hard updates;
Lillicrap et al., "Continuous control with deep reinforcement learning" (2015), for soft ones.
"""

from collections.abc import Iterable

import keras


def make_target(online: keras.Model) -> keras.Model:
    """A copy of a network that has a life of its own.

    Args:
        online: maps (batch, n) float32 to (batch, k) float32. It stays as it is.

    Returns:
        A new model of the same structure. Its weights have the same values as those of `online`, all of them,
        but they are other variables: when one model's weights change, the other's don't.
    """
    target = keras.models.clone_model(online)
    target.set_weights(online.get_weights())
    return target


def hard_update(online: keras.Model, target: keras.Model) -> None:
    """Give the target network the values of the online network.

    Args:
        online: the network that is trained. It stays as it is.
        target: a network of the same structure. Each of its weights is changed, in place.
    """
    for source, destination in _pairs(online, target):
        destination.assign(source)


def soft_update(online: keras.Model, target: keras.Model, tau: float) -> None:
    """Move the target network a part of the way towards the online network.

    Args:
        online: the network that is trained. It stays as it is.
        target: a network of the same structure. Each of its weights is changed, in place.
        tau: the share of the online network in the new values, in [0, 1].
    """
    for source, destination in _pairs(online, target):
        destination.assign(tau * source + (1 - tau) * destination)


def sync_steps(n_steps: int, period: int) -> list[int]:
    """The steps after which a hard update is due.

    Args:
        n_steps: how many steps there are, at least 0. They are numbered from 1 to n_steps.
        period: how many steps it is from one update to the next, and from the start to the first; at least 1.

    Returns:
        The numbers of these steps, integers in ascending order.
    """
    return [step for step in range(1, n_steps + 1) if step % period == 0]


def _pairs(online: keras.Model, target: keras.Model) -> Iterable[tuple[keras.Variable, keras.Variable]]:
    """Each weight of the online network with the one of the target network that it belongs to."""
    return zip(online.weights, target.weights, strict=True)
