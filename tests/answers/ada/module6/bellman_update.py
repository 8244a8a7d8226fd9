"""Ada copied the Bellman equation as it is printed everywhere, and updates the table she was given."""

import numpy as np


def discounted_return(rewards, gamma):
    total = 0.0
    for step, reward in enumerate(rewards):
        total += gamma**step * float(reward)
    return total


def bellman_target(reward, next_q, terminated, gamma):
    return reward + gamma * np.max(next_q, axis=1)


def q_update(table, state, action, reward, next_state, terminated, truncated, alpha, gamma):
    future = 0.0 if terminated else gamma * table[next_state].max()
    table[state, action] += alpha * (reward + future - table[state, action])
    return table
