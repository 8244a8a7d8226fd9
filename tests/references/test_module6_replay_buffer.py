"""replay_buffer against a plain list, counted frequencies and the combinations that itertools lists."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from tests.references.loading import reference

memory = reference("module6/replay_buffer")


def step(serial):
    state = np.array([serial, -serial, serial / 4], "float32")
    return state, serial, serial / 2, state + 1, serial % 2 == 0


def buffer_of(capacity, added, seed=0):
    buffer = memory.ReplayBuffer(capacity, seed)
    for serial in range(added):
        buffer.add(*step(serial))
    return buffer


@pytest.mark.parametrize("capacity", [1, 2, 3, 7])
@pytest.mark.parametrize("added", [0, 1, 2, 3, 6, 7, 8, 20])
def test_holds_what_the_end_of_a_list_would_hold(capacity, added):
    everything = list(range(added))
    buffer = buffer_of(capacity, added)
    assert len(buffer) == len(everything[-capacity:])
    if added:
        assert sorted(buffer.sample(len(buffer))["actions"]) == everything[-capacity:]


def test_fields_belong_together_and_have_kinds_and_shapes():
    for size in range(1, 6):
        batch = buffer_of(5, 9).sample(size)
        serials = batch["actions"]
        np.testing.assert_array_equal(batch["states"], [step(k)[0] for k in serials])
        np.testing.assert_array_equal(batch["next_states"], [step(k)[0] + 1 for k in serials])
        np.testing.assert_array_equal(batch["rewards"], serials / 2)
        np.testing.assert_array_equal(batch["terminated"], serials % 2 == 0)
        assert {name: column.shape for name, column in batch.items()} == {
            "states": (size, 3),
            "actions": (size,),
            "rewards": (size,),
            "next_states": (size, 3),
            "terminated": (size,),
        }
        assert batch["actions"].dtype.kind == "i"
        assert {column.dtype.name for name, column in batch.items() if name != "actions"} == {"float32"}


@pytest.mark.parametrize(("held", "size"), [(4, 1), (4, 2), (5, 3), (3, 3)])
def test_every_combination_is_drawn_about_equally_often(held, size):
    buffer = buffer_of(held, held + 2)
    counts = Counter(tuple(sorted(buffer.sample(size)["actions"].tolist())) for _ in range(3000))
    expected = list(combinations(range(2, held + 2), size))
    assert sorted(counts) == expected
    fair = 3000 / len(expected)
    assert max(abs(count - fair) for count in counts.values()) < 5 * np.sqrt(fair)


def test_changes_of_the_callers_arrays_do_not_reach_the_memory():
    buffer = memory.ReplayBuffer(3, 0)
    state, next_state = np.zeros(2, "float32"), np.ones(2, "float32")
    buffer.add(state, 0, 0.0, next_state, False)
    state += 5
    next_state += 5
    batch = buffer.sample(1)
    np.testing.assert_array_equal(batch["states"], [[0, 0]])
    np.testing.assert_array_equal(batch["next_states"], [[1, 1]])


@pytest.mark.parametrize(("capacity", "added", "size"), [(3, 0, 1), (3, 2, 3), (3, 5, 4), (1, 1, 2)])
def test_rejects_a_batch_larger_than_what_is_there(capacity, added, size):
    with pytest.raises(ValueError, match=str(size)):
        buffer_of(capacity, added).sample(size)


def test_a_run_is_repeated_by_its_seed_only():
    def run(seed):
        buffer = buffer_of(20, 20, seed)
        return [buffer.sample(8)["actions"].tolist() for _ in range(5)]

    assert run(3) == run(3)
    assert run(3) != run(4)
    assert len(set(map(tuple, run(3)))) == 5
