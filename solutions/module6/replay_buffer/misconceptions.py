"""Wrong answers to replay_buffer that people give."""

from collections import deque
from typing import ClassVar

import numpy as np

from keras_kata import instead_of

from .reference import ReplayBuffer

_NAMES = ("states", "actions", "rewards", "next_states", "terminated")


@instead_of("ReplayBuffer")
class newest_dropped(ReplayBuffer):
    """Your full buffer refuses new transitions, so the agent learns from its first clumsy steps for ever. The
    oldest one has to make room for the newest."""

    def add(self, *transition):
        if len(self) < self._transitions.maxlen:
            super().add(*transition)


@instead_of("ReplayBuffer")
class newest_replaced(ReplayBuffer):
    """Your full buffer gives the place of the newest transition away, so the first ones stay for ever. It is
    the oldest one that has to make room."""

    def add(self, *transition):
        if len(self) == self._transitions.maxlen:
            self._transitions.pop()
        super().add(*transition)


@instead_of("ReplayBuffer")
class emptied_when_full(ReplayBuffer):
    """You throw everything away when the buffer is full, and begin anew. Only the oldest transition has to make
    room."""

    def add(self, *transition):
        if len(self) == self._transitions.maxlen:
            self._transitions.clear()
        super().add(*transition)


@instead_of("ReplayBuffer")
class capacity_plus_one(ReplayBuffer):
    """Your buffer holds one transition more than its capacity. Check when you make room: before the new one
    is there, or after."""

    def __init__(self, capacity, seed):
        super().__init__(capacity + 1, seed)


@instead_of("ReplayBuffer")
class never_forgets(ReplayBuffer):
    """Your buffer grows without end. Its capacity is there to bound the memory, and to forget what the agent
    did when it knew nothing."""

    def __init__(self, capacity, seed):
        super().__init__(None, seed)


@instead_of("ReplayBuffer")
class one_slot_overwritten(ReplayBuffer):
    """Once the buffer is full you write every new transition into the same place, so the others stay for
    ever. After the oldest, the next oldest has to go."""

    def add(self, *transition):
        if len(self) == self._transitions.maxlen:
            newest_first = list(self._transitions)[1:]
            super().add(*transition)
            newest = self._transitions.pop()
            self._transitions.clear()
            self._transitions.extend([newest, *newest_first])
        else:
            super().add(*transition)


@instead_of("ReplayBuffer")
class length_counts_all_ever_added(ReplayBuffer):
    """Your length counts all transitions that were ever added. Those that had to make room are gone, so it
    can't be more than the capacity."""

    def __init__(self, capacity, seed):
        super().__init__(capacity, seed)
        self._added = 0

    def add(self, *transition):
        super().add(*transition)
        self._added += 1

    def __len__(self):
        return self._added

    def sample(self, batch_size):
        self._added, counted = len(self._transitions), self._added
        try:
            return super().sample(batch_size)
        finally:
            self._added = counted


@instead_of("ReplayBuffer")
class length_is_the_capacity(ReplayBuffer):
    """Your length is the number of places. How many transitions there are is asked, and a new buffer has
    none."""

    def __len__(self):
        return self._transitions.maxlen

    def sample(self, batch_size):
        if batch_size > len(self._transitions):
            raise ValueError
        chosen = self._random.permutation(len(self._transitions))[:batch_size]
        return _columns(dict.fromkeys(_NAMES), [self._transitions[i] for i in chosen])


@instead_of("ReplayBuffer")
class fields_sampled_apart(ReplayBuffer):
    """You draw new indices for each of the columns, so that a state stands beside the action and the reward
    of another moment. Draw once, and use the same indices for all five."""

    def sample(self, batch_size):
        return {
            name: super(fields_sampled_apart, self).sample(batch_size)[name] for name in super().sample(1)
        }


@instead_of("ReplayBuffer")
class next_state_is_state(ReplayBuffer):
    """Your next states are the states themselves. What the step led to is the fourth part of a transition."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        return {**batch, "next_states": batch["states"]}


@instead_of("ReplayBuffer")
class with_replacement(ReplayBuffer):
    """You draw with replacement, so the same transition can be in a batch twice. Each may be drawn at most
    once in a batch."""

    def sample(self, batch_size):
        rows = [super(with_replacement, self).sample(1) for _ in range(batch_size)]
        super().sample(batch_size)  # rejects what is too large
        return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


@instead_of("ReplayBuffer")
class recent_only(ReplayBuffer):
    """You always return the latest transitions. They resemble each other, and the rest of the memory is never
    used: draw from all of it."""

    def sample(self, batch_size):
        return _columns(super().sample(batch_size), list(self._transitions)[-batch_size:])


@instead_of("ReplayBuffer")
class oldest_only(ReplayBuffer):
    """You always return the first transitions of the memory. The rest of it is never used: draw from all of
    it."""

    def sample(self, batch_size):
        return _columns(super().sample(batch_size), list(self._transitions)[:batch_size])


@instead_of("ReplayBuffer")
class stretch_of_neighbours(ReplayBuffer):
    """You draw where the batch begins and then take transitions that follow each other. These resemble each
    other, which is what the buffer is to prevent: draw each one by itself."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        start = self._random.integers(len(self) - batch_size + 1)
        return _columns(batch, list(self._transitions)[start : start + batch_size])


@instead_of("ReplayBuffer")
class newest_never_drawn(ReplayBuffer):
    """The newest transition is never drawn: the range of your indices ends one too early."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        chosen = self._random.choice(len(self) - 1, batch_size, replace=False)
        return _columns(batch, [self._transitions[i] for i in chosen])


@instead_of("ReplayBuffer")
class empty_places_drawn(ReplayBuffer):
    """You draw from all places, also from those where nothing has been put yet, so a batch may hold zeros that
    nobody added. Draw from as many places as there are transitions."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        state = np.zeros_like(self._transitions[0][0])
        empty = (state, 0, 0.0, state, False)
        places = [*self._transitions, *[empty] * (self._transitions.maxlen - len(self))]
        return _columns(batch, [places[i] for i in self._random.permutation(len(places))[:batch_size]])


@instead_of("ReplayBuffer")
class drawn_are_removed(ReplayBuffer):
    """You take the transitions that you draw out of the buffer. They stay, and can be drawn again for the
    next batch; to use a step many times is what the buffer is for."""

    def sample(self, batch_size):
        if batch_size > len(self):
            raise ValueError
        rows = []
        for _ in range(batch_size):
            i = self._random.integers(len(self))
            rows.append(self._transitions[i])
            del self._transitions[i]
        return _columns(dict.fromkeys(_NAMES), rows)


@instead_of("ReplayBuffer")
class memory_itself_shuffled(ReplayBuffer):
    """You shuffle the memory itself to draw from it. After that, the first place does not hold the oldest
    transition any more, so the wrong one has to make room."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        self._random.shuffle(self._transitions)
        return _columns(batch, list(self._transitions)[:batch_size])


@instead_of("ReplayBuffer")
class state_by_reference(ReplayBuffer):
    """You keep the caller's array of the state instead of a copy. When the environment writes the next state
    into the same array, your memory changes with it."""

    def add(self, state, action, reward, next_state, terminated):
        self._transitions.append((state, action, reward, next_state.copy(), terminated))


@instead_of("ReplayBuffer")
class next_state_by_reference(ReplayBuffer):
    """You copy the state but keep the caller's array of the next state. It can be written over just as
    well."""

    def add(self, state, action, reward, next_state, terminated):
        self._transitions.append((state.copy(), action, reward, next_state, terminated))


@instead_of("ReplayBuffer")
class both_states_by_reference(ReplayBuffer):
    """You keep the caller's arrays of both states instead of copies. When the environment uses them again for
    other states, all that you remember changes with them."""

    def add(self, *transition):
        self._transitions.append(transition)


@instead_of("ReplayBuffer")
class lists_returned(ReplayBuffer):
    """Your states are an array of kind "object" that holds a little array in each place. A network needs one
    array of numbers, a row for each transition."""

    def sample(self, batch_size):
        return {name: _objects(column) for name, column in super().sample(batch_size).items()}


@instead_of("ReplayBuffer")
class dealt_out_like_cards(ReplayBuffer):
    """You deal the transitions out like a deck of cards, and shuffle again when too few are left. Each batch is
    drawn from all of them, also from those that came in the batch before."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        deck = getattr(self, "_deck", [])
        if len(deck) < batch_size or max(deck) >= len(self):
            deck = self._random.permutation(len(self)).tolist()
        self._deck = deck[batch_size:]
        return _columns(batch, [self._transitions[i] for i in deck[:batch_size]])


@instead_of("ReplayBuffer")
class memory_shared_by_all_buffers(ReplayBuffer):
    """All your buffers keep their transitions in one place. Each buffer needs a memory of its own, made when
    the buffer is."""

    _memory: ClassVar[deque] = deque()

    def __init__(self, capacity, seed):
        super().__init__(capacity, seed)
        self._transitions = self._memory
        self._transitions.clear()
        self._capacity = capacity

    def add(self, *transition):
        super().add(*transition)
        if len(self) > self._capacity:
            self._transitions.popleft()


@instead_of("ReplayBuffer")
class actions_as_floats(ReplayBuffer):
    """Your actions come out as floating-point numbers. They are the numbers of columns, and only integers can
    be used for that."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        return {**batch, "actions": batch["actions"].astype("float32")}


@instead_of("ReplayBuffer")
class flags_stay_true_and_false(ReplayBuffer):
    """Your `terminated` column holds True and False. Formulas multiply by it, so it has to hold the numbers
    1.0 and 0.0."""

    def sample(self, batch_size):
        batch = super().sample(batch_size)
        return {**batch, "terminated": batch["terminated"] > 0}


@instead_of("ReplayBuffer")
class short_batch_returned(ReplayBuffer):
    """Where there are too few transitions you return a smaller batch and say nothing. Training would go on
    with less than it asked for; such a call has to be rejected."""

    def sample(self, batch_size):
        return super().sample(min(batch_size, len(self)))


@instead_of("ReplayBuffer")
class seed_not_used(ReplayBuffer):
    """Your random numbers do not depend on the seed, so no run can be repeated."""

    def __init__(self, capacity, seed):
        super().__init__(capacity, None)


@instead_of("ReplayBuffer")
class same_numbers_for_every_seed(ReplayBuffer):
    """Your random numbers start from the same point whatever the seed is. It is an argument, so that runs can
    differ."""

    def __init__(self, capacity, seed):
        super().__init__(capacity, 0)


@instead_of("ReplayBuffer")
class seeded_for_every_batch(ReplayBuffer):
    """You start the random numbers anew for every batch, so the same places are drawn each time. Make the
    generator once, with the buffer."""

    def __init__(self, capacity, seed):
        super().__init__(capacity, seed)
        self._seed = seed

    def sample(self, batch_size):
        self._random = np.random.default_rng(self._seed)
        return super().sample(batch_size)


@instead_of("ReplayBuffer")
class generator_shared_with_everybody(ReplayBuffer):
    """You seed the generator that all code shares. Whatever else draws from it, another buffer for one, then
    changes your batches; and you change the random numbers of everybody else."""

    def __init__(self, capacity, seed):
        super().__init__(capacity, seed)
        np.random.seed(seed)
        self._random = np.random


def _columns(batch, rows):
    """The rows under the names of a batch, in its order of fields."""
    kinds = ("float32", "int64", "float32", "float32", "float32")
    columns = zip(batch, zip(*rows, strict=True), kinds, strict=True)
    return {name: np.array(column, kind) for name, column, kind in columns}


def _objects(column):
    """An array of objects, one for each row."""
    objects = np.empty(len(column), object)
    for i, row in enumerate(column):
        objects[i] = row
    return objects
