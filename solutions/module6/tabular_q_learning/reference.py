"""Q-learning in a table: an agent that learns to act by trying.

`bellman_update` was about one step, `epsilon_greedy` about one choice. Here they become an agent that plays
whole episodes in an environment and gets better. The environment is one of Gymnasium's, with a handful of
states and actions, so that the estimates fit in a table: Q[s, a], a row for each state and a column for each
action, says what return is expected after action a in state s. The table starts with zeros.

An environment is used like this:

    env.observation_space.n, env.action_space.n    how many states and actions; both are numbered from 0
    state, info = env.reset()                      begin an episode
    next_state, reward, terminated, truncated, info = env.step(action)

(In old tutorials `reset` gives one value and `step` four. That was Gym; Gymnasium gives two and five.) An
episode is over when `terminated` is True, for the world has come to an end, or when `truncated` is True, for
the time limit is reached, or both. After that no step may be taken until the next `reset`. `info` is not
needed.

Training plays a number of episodes. In each step of each episode the agent

  1. chooses: with the probability epsilon any of the actions, all equally likely; otherwise one with the
     largest estimate in this state;
  2. takes the step;
  3. moves the one estimate Q[s, a] towards its target, also after the last step of the episode:

         Q[s, a] = Q[s, a] + alpha * (target - Q[s, a])
         target = r + gamma * (the largest of Q[s', a'] over all actions a')

     s' is the next state, r the reward, alpha the learning rate, gamma the discount. After a terminated step
     the target is r alone. After a truncated step that is not terminated as well, it is the same as if the
     episode went on. The target does not ask what the agent will really do next, only what would be best;
  4. goes on from s', unless the episode is over.

Example: three cells in a row, numbered 0, 1, 2, one action (go right), reward 4 for arriving at cell 2, which
terminates, alpha 0.5, gamma 0.5. The episodes start in cell 0.

    episode    Q[0, 0]                            Q[1, 0]
    1          0 + 0.5 * (0 + 0.5 * 0 - 0) = 0    0 + 0.5 * (4 - 0) = 2
    2          0 + 0.5 * (0 + 0.5 * 2 - 0) = 0.5  2 + 0.5 * (4 - 2) = 3
    3          0.5 + 0.5 * (1.5 - 0.5) = 1        3 + 0.5 * (4 - 3) = 3.5

Q[2, 0] stays 0: no step ever begins in cell 2. The reward travels backwards, one cell per episode.

What was learned is used by `greedy_policy`, which picks an action for each state, and tried out by `rollout`,
which plays one episode and learns nothing. Write the three functions. Epsilon stays the same throughout.

All random numbers come from `seed`: the same call in the same environment gives the same table again, and
with another seed the agent tries out other actions. Which ones is up to you, and so are the choice among
equally good actions during training and whether you give a seed to `reset`. Beware of
`env.action_space.sample()`: it has a generator of its own, which you would have to seed.

Source: Watkins and Dayan, "Q-learning" (1992); Sutton and Barto, "Reinforcement Learning: An Introduction"
(2nd edition), section 6.5.
"""

import gymnasium
import numpy as np


def train_q_table(
    env: gymnasium.Env, episodes: int, alpha: float, gamma: float, epsilon: float, seed: int
) -> np.ndarray:
    """Learn the estimates by playing.

    Args:
        env: an environment with a discrete observation space and a discrete action space.
        episodes: how many episodes to play, each to its end, at least 0.
        alpha: the learning rate, in [0, 1].
        gamma: the discount, in [0, 1].
        epsilon: the probability of exploring, in [0, 1].
        seed: what the random numbers start from, at least 0.

    Returns:
        (n_states, n_actions) float, the estimates. They are zero where nothing was tried.
    """
    random = np.random.default_rng(seed)
    table = np.zeros((env.observation_space.n, env.action_space.n))
    for _ in range(episodes):
        state, _ = env.reset()
        over = False
        while not over:
            action = _choose(table[state], epsilon, random)
            next_state, reward, terminated, truncated, _ = env.step(action)
            target = _target(reward, table[next_state], terminated, gamma)
            table[state, action] += alpha * (target - table[state, action])
            state, over = next_state, terminated or truncated
    return table


def greedy_policy(table: np.ndarray) -> np.ndarray:
    """The action that looks best, for each state.

    Args:
        table: (n_states, n_actions) float, the estimates.

    Returns:
        (n_states,) int; the lowest action where several are equally good.
    """
    return table.argmax(axis=1)


def rollout(env: gymnasium.Env, policy: np.ndarray, max_steps: int) -> dict[str, float | int | bool]:
    """Play one episode by a policy, without learning and without exploring.

    It ends when it is terminated or truncated, or after `max_steps` steps.

    Args:
        env: an environment with a discrete observation space and a discrete action space.
        policy: (n_states,) int, the action to take in each state.
        max_steps: how many steps to take at most, at least 1.

    Returns:
        A dict of three entries: "total", the sum of the rewards, without discount; "steps", how many steps
        were taken, an integer; "reached_terminal", True or False, whether the last step was terminated.
    """
    state, _ = env.reset()
    total, steps, over = 0.0, 0, False
    while not over:
        state, reward, terminated, truncated, _ = env.step(policy[state])
        total += reward
        steps += 1
        over = terminated or truncated or steps == max_steps
    return {"total": total, "steps": steps, "reached_terminal": terminated}


def _choose(q: np.ndarray, epsilon: float, random: np.random.Generator) -> int:
    """An epsilon-greedy action."""
    return random.integers(len(q)) if random.random() < epsilon else q.argmax()


def _target(reward: float, next_q: np.ndarray, terminated: bool, gamma: float) -> float:
    """What the estimate of a step moves towards, given the estimates of the state it led to."""
    return reward if terminated else reward + gamma * next_q.max()
