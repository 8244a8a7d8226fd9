"""A memory of transitions, from which an agent learns in random batches.

A network that learns from each step right when it happens sees steps that resemble each other: one moment of
a game looks like the next. It fits the latest scene and forgets the earlier ones. And each step is used once,
although it was expensive to get. A replay buffer mends both. It keeps the latest transitions, and training
draws batches from them at random, so that a batch holds steps of many different moments, and a step is used
many times.

A transition is what one step of an agent is made of:

    state         where the agent was, a vector of n numbers
    action        what it did, an integer
    reward        what it got for it, a number
    next_state    where that led to, a vector of n numbers
    terminated    True where the step ended the episode

The buffer has a capacity. While there is room, a new transition is added to those that are there. When the
buffer is full, the new one takes the place of the oldest. So with capacity 3, after adding the transitions
A, B, C, D and E, the buffer holds C, D and E, and its length is 3.

`sample(2)` then gives two of the three. Each transition is as likely to be drawn as any other, and so is each
pair. The two are different ones: a transition is drawn at most once in a batch. Drawing removes nothing; the
next batch is drawn from all three again, and may hold the same ones. A batch that is larger than what the
buffer holds is rejected with a ValueError, even where the capacity would allow it.

A batch is a dict of five entries that are columns. Row i of each belongs to the same transition:

    states (b, n)    actions (b,)    rewards (b,)    next_states (b, n)    terminated (b,)

with b for the batch size. The rows may be in any order. `terminated` holds 1.0 for True and 0.0 for False,
since formulas multiply by it. Each entry is an array of numbers, a tensor, or lists that make such an array;
an array of kind "object", with a little array in each place, is none.

An environment may use the same array again and again for the states that it hands out. What the buffer
remembers must not change with it.

The random numbers come from a generator that belongs to this buffer alone and starts from `seed`. So two
buffers with the same seed and the same calls give the same batches, whatever other code draws meanwhile.
With another seed the batches are others. Which batches a seed gives is up to you.

Write the class. What is learned from a batch is not part of this exercise.

Source: Mnih et al., "Human-level control through deep reinforcement learning" (2015), section "Methods".
"""

from collections import deque

import numpy as np

_KINDS = {
    "states": "float32",
    "actions": "int64",
    "rewards": "float32",
    "next_states": "float32",
    "terminated": "float32",
}


class ReplayBuffer:
    """The latest transitions, at most `capacity` of them; `len(buffer)` says how many there are."""

    def __init__(self, capacity: int, seed: int):
        """Make an empty buffer.

        Args:
            capacity: how many transitions it can hold, at least 1.
            seed: what its random numbers start from, at least 0.
        """
        self._transitions = deque(maxlen=capacity)
        self._random = np.random.default_rng(seed)

    def add(
        self, state: np.ndarray, action: int, reward: float, next_state: np.ndarray, terminated: bool
    ) -> None:
        """Remember one transition; in a full buffer it takes the place of the oldest.

        Args:
            state: (n,) float32. The caller may change the array afterwards. n is the same in every call.
            action: an integer, at least 0.
            reward: a number.
            next_state: (n,) float32. The caller may change the array afterwards.
            terminated: True where the step ended the episode.
        """
        self._transitions.append((state.copy(), action, reward, next_state.copy(), terminated))

    def __len__(self) -> int:
        """How many transitions the buffer holds, an integer from 0 to the capacity."""
        return len(self._transitions)

    def sample(self, batch_size: int) -> dict[str, np.ndarray]:
        """Draw different transitions, each equally likely.

        Args:
            batch_size: how many, b, at least 1.

        Returns:
            A dict of five columns that belong together row by row: states (b, n) float32, actions (b,) int,
            rewards (b,) float32, next_states (b, n) float32, terminated (b,) float32, which is 1.0 or 0.0.

        Raises:
            ValueError: the buffer holds fewer than `batch_size` transitions.
        """
        if batch_size > len(self):
            raise ValueError(f"a batch of {batch_size} was asked for, and there are {len(self)} transitions")
        rows = [self._transitions[i] for i in self._random.permutation(len(self))[:batch_size]]
        columns = zip(*rows, strict=True)
        return {
            name: np.array(column, kind) for (name, kind), column in zip(_KINDS.items(), columns, strict=True)
        }
