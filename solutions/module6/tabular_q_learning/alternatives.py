"""Other right answers to tabular_q_learning."""

import random
from collections import defaultdict

import numpy as np

from keras_kata import instead_of


@instead_of("train_q_table")
def the_spaces_own_random_actions(env, episodes, alpha, gamma, epsilon, seed):
    """The environment's own sampling, seeded; a seed for the first reset; numpy's old generator."""
    env.action_space.seed(seed)
    generator = np.random.RandomState(seed)
    env.reset(seed=seed)
    q = np.zeros([env.observation_space.n, env.action_space.n], "float64")
    for _ in range(episodes):
        state, _ = env.reset()
        terminated = truncated = False
        while not (terminated or truncated):
            if generator.uniform(0, 1) < epsilon:
                action = env.action_space.sample()
            else:
                action = int(np.argmax(q[state]))
            next_state, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * np.max(q[next_state]) * (not terminated)
            q[state, action] = (1 - alpha) * q[state, action] + alpha * target
            state = next_state
    return q


@instead_of("train_q_table")
def dict_of_estimates(env, episodes, alpha, gamma, epsilon, seed):
    """A dict that grows, ties broken at random, Python's own random numbers; nested lists in the end."""
    source = random.Random(seed)
    actions = range(int(env.action_space.n))
    estimates = defaultdict(float)
    for _ in range(episodes):
        state = env.reset()[0]
        while True:
            if source.random() < epsilon:
                action = source.choice(actions)
            else:
                best = max(estimates[state, a] for a in actions)
                action = source.choice([a for a in actions if estimates[state, a] == best])
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward
            if not terminated:
                target += gamma * max(estimates[after, a] for a in actions)
            estimates[state, action] += alpha * (target - estimates[state, action])
            if terminated or truncated:
                break
            state = after
    return [[estimates[state, a] for a in actions] for state in range(int(env.observation_space.n))]


@instead_of("train_q_table")
def probabilities_drawn_from(env, episodes, alpha, gamma, epsilon, seed):
    """Draws from the epsilon-greedy distribution; resets after each episode, also after the last one."""
    generator = np.random.default_rng([seed, 5])
    states, actions = int(env.observation_space.n), int(env.action_space.n)
    q = np.zeros((states, actions), "float32")
    state, _ = env.reset(seed=seed)
    played = 0
    while played < episodes:
        chances = np.full(actions, epsilon / actions)
        chances[actions - 1 - np.argmax(q[state][::-1])] += 1 - epsilon
        action = generator.choice(actions, p=chances)
        following, reward, terminated, truncated, _ = env.step(action)
        error = reward - q[state, action]
        if not terminated:
            error += gamma * q[following].max()
        q[state, action] += alpha * error
        state = following
        if terminated or truncated:
            played += 1
            state, _ = env.reset()
    return q


@instead_of("greedy_policy")
def state_by_state(table):
    """A list of Python integers."""
    rows = table.tolist()
    return [row.index(max(row)) for row in rows]


@instead_of("greedy_policy")
def by_comparing_with_the_best(table):
    """The first True of each row, as int32."""
    return np.argmax(table == table.max(axis=-1, keepdims=True), axis=-1).astype("int32")


@instead_of("rollout")
def rewards_collected(env, policy, max_steps):
    """Collects the rewards and adds them up in the end; numpy's kinds of number."""
    state, _ = env.reset()
    rewards, terminated, truncated = [], False, False
    while not terminated and not truncated and len(rewards) < max_steps:
        state, reward, terminated, truncated, _ = env.step(int(policy[state]))
        rewards.append(reward)
    return {
        "total": np.sum(rewards, dtype="float32"),
        "steps": np.int64(len(rewards)),
        "reached_terminal": np.bool_(terminated),
    }


@instead_of("rollout")
def one_return_for_each_end(env, policy, max_steps):
    """Returns from the middle of the loop where the episode ends, and after it where the steps run out."""
    state, _ = env.reset(seed=0)
    result = {"reached_terminal": False, "steps": 0, "total": 0}
    for _ in range(max_steps):
        state, reward, terminated, truncated, _ = env.step(policy.tolist()[state])
        result["total"] += reward
        result["steps"] += 1
        if terminated:
            return {**result, "reached_terminal": True}
        if truncated:
            return result
    return result
