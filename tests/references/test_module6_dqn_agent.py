"""dqn_agent against value iteration, Gymnasium's CartPole, a forward pass by hand and recorded rewards."""

import gymnasium
import keras
import numpy as np
import pytest

from tests.references.loading import reference

pytestmark = pytest.mark.tensorflow

agent = reference("module6/dqn_agent")

TABLE = {
    "next_state": np.array([[0, 1], [0, 2], [1, 2]]),
    "reward": np.array([[0.5, 0], [-0.25, 0], [0, 2]]),
    "terminated": np.array([[0, 0], [0, 0], [0, 1]], bool),
}


class World(gymnasium.Env):
    """Follows `TABLE`; a state is observed as a row of the unit matrix, and episodes start in turn anywhere."""

    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Box(0, 1, (3,), "float32")
    start = -1

    def reset(self, **_):
        self.start = self.state = (self.start + 1) % 3
        return np.eye(3, dtype="float32")[self.state], {}

    def step(self, action):
        here = (self.state, int(action))
        self.state = TABLE["next_state"][here]
        seen = np.eye(3, dtype="float32")[self.state]
        return seen, TABLE["reward"][here], bool(TABLE["terminated"][here]), False, {}


class Recorder(gymnasium.Wrapper):
    """Keeps the rewards of each episode."""

    def __init__(self, env):
        super().__init__(env)
        self.rewards = []

    def reset(self, **options):
        self.rewards.append([])
        return self.env.reset(**options)

    def step(self, action):
        result = self.env.step(action)
        self.rewards[-1].append(result[1])
        return result


def optimal_values(gamma):
    q = np.zeros((3, 2))
    for _ in range(200):
        q = TABLE["reward"] + gamma * (1 - TABLE["terminated"]) * q.max(axis=1)[TABLE["next_state"]]
    return q


def test_the_estimates_become_those_of_value_iteration():
    """Time limits cut most episodes short; the values are those of a world without one."""
    keras.utils.set_random_seed(1)
    env = Recorder(gymnasium.wrappers.TimeLimit(World(), 6))
    q_net, target_net = (agent.build_q_network(3, 2, 16) for _ in range(2))

    returns = agent.train_agent(env, q_net, target_net, 150, 0.75, 16, 20, 2)

    np.testing.assert_allclose(q_net(np.eye(3, dtype="float32")), optimal_values(0.75), atol=0.1)
    assert max(len(rewards) for rewards in env.rewards) <= 6
    assert returns == pytest.approx([sum(rewards) for rewards in env.rewards])


def test_evaluation_in_cartpole_replays_by_hand():
    """Each step of CartPole pays 1; a network that always wants one action falls soon."""
    q_net = agent.build_q_network(4, 2, 3)
    random = np.random.default_rng(0)
    q_net.set_weights([random.normal(size=w.shape) for w in q_net.get_weights()])
    kernel, bias, output, last = q_net.get_weights()

    env = gymnasium.make("CartPole-v1", max_episode_steps=12)
    expected, state = [], env.reset(seed=4)[0]
    for _ in range(3):
        length, over = 0, False
        while not over:
            action = int(np.argmax(np.maximum(state @ kernel + bias, 0) @ output + last))
            state, _, terminated, truncated, _ = env.step(action)
            length, over = length + 1, terminated or truncated
        expected.append(length)
        state = env.reset()[0]

    env = gymnasium.make("CartPole-v1", max_episode_steps=12)
    env.reset(seed=4)
    own = agent.evaluate_agent(_FirstReset(env), q_net, 3)
    assert own == expected


class _FirstReset(gymnasium.Wrapper):
    """Seeds the first reset as the test does."""

    seed = 4

    def reset(self, **options):
        seed, self.seed = self.seed, None
        return self.env.reset(**{**options, "seed": seed})


def test_the_network_of_the_instructions():
    model = agent.build_q_network(2, 4, 3)
    assert model.count_params() == 25
    kernel, bias, output, last = (np.random.default_rng(1).normal(size=w.shape) for w in model.get_weights())
    model.set_weights([kernel, bias, output, last])
    x = np.random.default_rng(2).normal(size=(6, 2)).astype("float32")
    np.testing.assert_allclose(
        model(x), np.maximum(x @ kernel + bias, 0) @ output + last, rtol=1e-4, atol=1e-5
    )


def test_the_target_network_stands_still_between_multiples():
    """CartPole lasts 8 steps or more at first, so that two of its episodes of 5 steps are 10 steps."""
    for period, equal in ((5, True), (2, True), (4, False), (3, False)):
        env = gymnasium.make("CartPole-v1", max_episode_steps=5)
        env.reset(seed=1)
        q_net, target_net = (agent.build_q_network(4, 2, 4) for _ in range(2))
        agent.train_agent(env, q_net, target_net, 2, 0.5, 2, period, 1)
        pairs = zip(q_net.get_weights(), target_net.get_weights(), strict=True)
        assert all(np.array_equal(one, other) for one, other in pairs) == equal
