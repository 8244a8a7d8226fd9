"""What graders share: the environments of the reinforcement learning exercises, and the views on networks."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from keras_kata.implementation import load_by_path

SUPPORT = Path(__file__).parents[1] / "graders" / "support"
CORRIDOR = {
    "next_state": np.array([[0, 1], [0, 2], [2, 2]]),
    "reward": np.array([[0, 0], [0, 1], [0, 0]]),
    "terminated": np.array([[False, False], [False, True], [True, True]]),
}


@pytest.fixture(scope="module")
def environments():
    return load_by_path(SUPPORT / "environments.py", "environments_under_test")


@pytest.fixture(scope="module")
def networks():
    return load_by_path(SUPPORT / "networks.py", "networks_under_test")


def test_a_scripted_environment_keeps_gymnasiums_rules(environments):
    check_env(environments.scripted_env(CORRIDOR, limit=5), skip_render_check=True)


def test_a_scripted_environment_follows_its_table_and_records_what_was_done(environments):
    env = environments.scripted_env(CORRIDOR, starts=(0, 1))
    assert env.reset(seed=3) == (0, {})
    assert env.step(1) == (1, 0.0, False, False, {})
    assert env.step(1) == (2, 1.0, True, False, {})
    assert env.reset()[0] == 1
    assert env.step(0)[:2] == (0, 0.0)
    assert env.played == [
        {"actions": [1, 1], "end": "terminated"},
        {"actions": [0], "end": "not ended"},
    ]
    assert env.late_steps == 0


def test_a_limit_truncates_and_late_steps_are_counted_and_end(environments):
    env = environments.scripted_env(CORRIDOR, limit=2)
    env.reset()
    assert [env.step(0)[2:4] for _ in range(2)] == [(False, False), (False, True)]
    late = [env.step(0)[2] for _ in range(environments.MOST_LATE_STEPS)]
    assert env.late_steps == environments.MOST_LATE_STEPS
    assert not any(late[:-1])
    assert late[-1], "a loop that does not look at truncated must come back"
    assert env.played[0]["end"] == "truncated"


def test_a_reset_without_a_step_uses_up_no_start(environments):
    env = environments.scripted_env(CORRIDOR, starts=(0, 1))
    env.reset()
    assert env.reset()[0] == 0


def test_an_action_that_is_none_is_refused(environments):
    env = environments.scripted_env(CORRIDOR)
    env.reset()
    with pytest.raises(ValueError, match="actions are 0 to 1"):
        env.step(2)


@pytest.mark.tensorflow
def test_networks_are_filled_whatever_the_order_and_shape_of_their_weights(networks):
    import keras

    one = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(2)])
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(2)])
    networks.fill_by_size(one, salt=1)
    networks.fill_by_size(other, salt=1)
    x = np.arange(6, dtype="float32").reshape(2, 3)
    np.testing.assert_array_equal(one(x), other(x))
    networks.fill_by_size(other, salt=2)
    assert np.abs(one(x) - other(x)).max() > 0.01
    assert networks.census(one) == {"trainable": 26, "non_trainable": 0}


@pytest.mark.tensorflow
def test_influence_shows_which_positions_are_looked_at(networks):
    def look_back(x):
        return np.cumsum(x, axis=1)

    seen = networks.influence(look_back, np.zeros((3, 2), "float32"))
    assert seen.tolist() == np.triu(np.ones((3, 3), bool)).tolist()


@pytest.mark.tensorflow
def test_moved_tells_the_largest_change_of_each_group(networks):
    import keras

    still, moving = keras.Variable([1.0, 2.0]), keras.Variable([1.0, 2.0])
    groups = {"still": [still], "moving": [moving], "empty": []}
    changes = networks.moved(groups, lambda: moving.assign([1.5, 1.0]))
    assert changes == {"still": 0.0, "moving": 1.0, "empty": 0.0}


@pytest.mark.tensorflow
def test_lambdas_of_a_file_are_converted_and_tensorflow_says_nothing(tmp_path):
    """AutoGraph converts a lambda only where it finds the lambda's module."""
    source = textwrap.dedent(
        """
        import tensorflow as tf
        absolute = tf.function(lambda x: x if x > 0 else -x)
        def run(x):
            return absolute(tf.constant(x))
        """
    )
    path = tmp_path / "learner.py"
    path.write_text(source)
    script = textwrap.dedent(
        f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parents[1])!r})
        from graders.support import runtime
        from keras_kata.implementation import Implementation, load_module
        source = open({str(path)!r}).read()
        made = Implementation(load_module(compile(source, {str(path)!r}, "exec"), "learner"), {str(path)!r})
        with made.running():
            print([float(made.run(x)) for x in (-2.0, 3.0)], "learner" in sys.modules)
        print("learner" in sys.modules)
        """
    )
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=True,
    )
    assert ran.stdout.split("\n")[:2] == ["[2.0, 3.0] True", "False"]
    assert "AutoGraph" not in ran.stderr


DRAWS = {
    "an operation": "tf.random.uniform([3]).numpy().tolist()",
    "an operation with a seed of its own": "tf.random.normal([3], seed=4).numpy().tolist()",
    "a function that was traced before": "traced().numpy().tolist()",
    "a shuffled data set": "list(tf.data.Dataset.range(9).shuffle(9).as_numpy_iterator())",
    "Keras without a seed": "keras.random.uniform([3]).numpy().tolist()",
    "a layer": "new_weights()",
    "a seed that code sets": "tf.random.set_seed(7) or tf.random.uniform([3]).numpy().tolist()",
    "numpy": "np.random.rand(3).tolist()",
}


@pytest.fixture(scope="module")
def runtime_state():
    """What the draws below are made with, and a runtime that has seen none of them."""
    import keras
    import tensorflow as tf

    def new_weights():
        layer = keras.layers.Dense(2)
        layer.build((1, 2))
        return layer.kernel.numpy().tolist()

    traced = tf.function(lambda: tf.random.uniform([3]))
    names = {"tf": tf, "keras": keras, "np": np, "new_weights": new_weights, "traced": traced}
    return load_by_path(SUPPORT / "runtime.py", "runtime_under_test"), names


@pytest.mark.parametrize("order", [list(DRAWS), list(reversed(DRAWS))], ids=["forwards", "backwards"])
def test_random_numbers_start_anew_whatever_was_drawn_before(runtime_state, order):
    runtime, names = runtime_state
    seen: dict[str, list[object]] = {what: [] for what in DRAWS}
    for what in [*order, *order, *reversed(order)]:
        with runtime.isolated(None):
            seen[what].append(eval(DRAWS[what], dict(names)))
    for what, values in seen.items():
        assert values[0] == values[1] == values[2], what
        assert len(set(map(str, values[0]))) > 1, f"{what} is random"


def test_tensorflow_keeps_what_it_has_prepared_until_its_random_numbers_are_used(runtime_state):
    _, names = runtime_state
    runtime = load_by_path(SUPPORT / "runtime.py", "runtime_that_counts")

    def restarts(code, times=1):
        with mock.patch.object(names["tf"].random, "set_seed", wraps=names["tf"].random.set_seed) as set_seed:
            for _ in range(times):
                with runtime.isolated(None):
                    eval(code, dict(names))
            return set_seed.call_count

    restarts("new_weights()")
    assert restarts("new_weights()", 20) == 0
    assert 1 <= restarts("new_weights()", 100) <= 3, "what is kept is freed now and then"
    restarts(DRAWS["an operation"])
    assert restarts("new_weights()", 5) == 5


@pytest.mark.tensorflow
def test_each_of_two_courses_in_a_process_sees_that_random_numbers_were_used(runtime_state):
    _, names = runtime_state
    runtimes = [load_by_path(SUPPORT / "runtime.py", f"runtime_of_course_{number}") for number in range(2)]
    seen = []
    for _ in range(3):
        for runtime in runtimes:
            with runtime.isolated(None):
                seen.append(eval(DRAWS["an operation"], dict(names)))
    assert all(numbers == seen[0] for numbers in seen)


@pytest.mark.tensorflow
def test_datasets_are_iterated_untuned_inside_and_keep_their_other_options(runtime_state):
    runtime, names = runtime_state
    tf, keras = names["tf"], names["keras"]
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    own = tf.data.Options()
    own.deterministic, own.autotune.enabled = False, True
    numbers = tf.data.Dataset.range(3)
    uses = {
        "iter": lambda: next(iter(numbers)),
        "as_numpy_iterator": lambda: list(numbers.as_numpy_iterator()),
        "options of its own": lambda: list(numbers.with_options(own)),
        "fit": lambda: model.fit(np.zeros((4, 1)), np.zeros((4, 1)), verbose=0),
        "predict": lambda: model.predict(np.zeros((4, 1)), verbose=0),
    }
    seen = []
    iterate = tf.data.Dataset.__iter__

    def watched(dataset):
        seen.append((dataset.options().autotune.enabled, dataset.options().deterministic))
        return iterate(dataset)

    def options_seen(use):
        seen.clear()
        use()
        return set(seen)

    with mock.patch.object(tf.data.Dataset, "__iter__", watched):
        with runtime.isolated(None):
            inside = {what: options_seen(use) for what, use in uses.items()}
        outside = {what: options_seen(use) for what, use in uses.items()}
    assert inside == {what: {(False, None)} for what in uses} | {"options of its own": {(False, False)}}
    assert outside == {what: {(None, None)} for what in uses} | {"options of its own": {(True, False)}}
