"""Other right answers to replay_buffer."""

import random
from collections import namedtuple

import numpy as np

from keras_kata import instead_of

Transition = namedtuple("Transition", "state action reward next_state terminated")


@instead_of("ReplayBuffer")
class ring_of_arrays:
    """One array per field, made at the first call, and an index that goes round; `choice`."""

    def __init__(self, capacity, seed):
        self.capacity, self.size, self.write = capacity, 0, 0
        self.random = np.random.default_rng(seed)
        self.states = None

    def add(self, state, action, reward, next_state, terminated):
        if self.states is None:
            self.states = np.zeros((self.capacity, *state.shape), "float32")  # (capacity, n)
            self.next_states = np.zeros_like(self.states)
            self.actions = np.zeros(self.capacity, "int32")
            self.rewards = np.zeros(self.capacity, "float32")
            self.ends = np.zeros(self.capacity, "float32")
        self.states[self.write] = state
        self.actions[self.write] = action
        self.rewards[self.write] = reward
        self.next_states[self.write] = next_state
        self.ends[self.write] = terminated
        self.write = (self.write + 1) % self.capacity
        self.size = min(self.size + 1, self.capacity)

    def __len__(self):
        return self.size

    def sample(self, batch_size):
        chosen = self.random.choice(self.size, batch_size, replace=False)
        return {
            "states": self.states[chosen],
            "actions": self.actions[chosen],
            "rewards": self.rewards[chosen],
            "next_states": self.next_states[chosen],
            "terminated": self.ends[chosen],
        }


@instead_of("ReplayBuffer")
class named_tuples_in_a_list:
    """A list from which the first is taken away; Python's own random numbers; stacked in double precision."""

    def __init__(self, capacity, seed):
        self.capacity, self.memory, self.random = capacity, [], random.Random(seed)

    def add(self, state, action, reward, next_state, terminated):
        if len(self.memory) >= self.capacity:
            self.memory.pop(0)
        self.memory.append(
            Transition(np.array(state), action, reward, np.array(next_state), float(terminated))
        )

    def __len__(self):
        return len(self.memory)

    def sample(self, batch_size):
        batch = Transition(*zip(*self.random.sample(self.memory, batch_size), strict=True))
        return {
            "states": np.stack(batch.state).astype("float64"),
            "actions": np.asarray(batch.action),
            "rewards": np.asarray(batch.reward),
            "next_states": np.stack(batch.next_state).astype("float64"),
            "terminated": np.asarray(batch.terminated),
        }


@instead_of("ReplayBuffer")
class plain_lists:
    """A dict under serial numbers that forgets the smallest; shuffles them; returns nested lists."""

    def __init__(self, capacity, seed):
        self.capacity, self.kept, self.serial = capacity, {}, 0
        self.random = random.Random(f"buffer {seed}")

    def add(self, state, action, reward, next_state, terminated):
        self.kept[self.serial] = (state.tolist(), action, reward, next_state.tolist(), int(terminated))
        self.kept.pop(self.serial - self.capacity, None)
        self.serial += 1

    def __len__(self):
        return len(self.kept)

    def sample(self, batch_size):
        assert batch_size <= len(self), "too few transitions"
        serials = list(self.kept)
        self.random.shuffle(serials)
        rows = [self.kept[serial] for serial in serials[:batch_size]]
        names = ("states", "actions", "rewards", "next_states", "terminated")
        return {name: [row[i] for row in rows] for i, name in enumerate(names)}


@instead_of("ReplayBuffer")
class sorted_by_random_keys:
    """Rows of one array of numbers; a random key for each decides; numpy's old generator."""

    def __init__(self, capacity, seed):
        self.capacity, self.random, self.rows = capacity, np.random.RandomState(seed), None

    def add(self, state, action, reward, next_state, terminated):
        row = np.concatenate([state, next_state, [action, reward, terminated]])[None]  # (1, 2 n + 3)
        self.rows = row if self.rows is None else np.concatenate([self.rows, row])[-self.capacity :]

    def __len__(self):
        return 0 if self.rows is None else len(self.rows)

    def sample(self, batch_size):
        if len(self) < batch_size:
            raise ValueError("too few transitions")
        rows = self.rows[np.argsort(self.random.rand(len(self)))][:batch_size]  # (b, 2 n + 3)
        states, next_states = np.split(rows[:, :-3], 2, axis=1)
        return {
            "states": states.astype("float32"),
            "actions": rows[:, -3].astype(int),
            "rewards": rows[:, -2].astype("float32"),
            "next_states": next_states.astype("float32"),
            "terminated": rows[:, -1].astype("float32"),
        }
