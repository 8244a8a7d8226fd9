"""Wrong answers to tabular_q_learning that people give."""

import gymnasium
import numpy as np

from keras_kata import instead_of

from .reference import _choose, _target, rollout, train_q_table


@instead_of("_target")
def terminal_bootstrap(reward, next_q, terminated, gamma):
    """You look ahead from the state in which the episode ended. Nothing comes after a terminated step, so its
    target is the reward alone, whatever the table says about that state."""
    return reward + gamma * next_q.max()


@instead_of("_target")
def looks_ahead_to_the_mean(reward, next_q, terminated, gamma):
    """You look ahead to the average of the actions. That is what an agent gets that acts blindly; the target
    of Q-learning assumes the best action."""
    return reward if terminated else reward + gamma * next_q.mean()


@instead_of("train_q_table")
def looks_ahead_to_the_next_choice(env, episodes, alpha, gamma, epsilon, seed):
    """You choose the next action first, and your target takes the estimate of that one. This is SARSA, which learns
    what its own exploring is worth; the target of Q-learning assumes the best action, whatever is done next."""
    random = np.random.default_rng(seed)
    table = np.zeros((env.observation_space.n, env.action_space.n))
    for _ in range(episodes):
        state, _ = env.reset()
        action, over = _choose(table[state], epsilon, random), False
        while not over:
            next_state, reward, terminated, truncated, _ = env.step(action)
            next_action = _choose(table[next_state], epsilon, random)
            future = 0 if terminated else table[next_state, next_action]
            table[state, action] += alpha * (reward + gamma * future - table[state, action])
            state, action, over = next_state, next_action, terminated or truncated
    return table


@instead_of("train_q_table")
def looks_ahead_to_any_action(env, episodes, alpha, gamma, epsilon, seed):
    """Your target takes the estimate of an action that is chosen by chance, as the agent's own actions are. The
    target of Q-learning assumes the best action, whatever is done next."""
    random = np.random.default_rng(seed)
    table = np.zeros((env.observation_space.n, env.action_space.n))
    for _ in range(episodes):
        for state, action, reward, next_state, terminated in _steps(env, table, epsilon, random):
            next_q = table[next_state]
            future = 0 if terminated else next_q[_choose(next_q, epsilon, random)]
            table[state, action] += alpha * (reward + gamma * future - table[state, action])
    return table


@instead_of("_target")
def terminal_reward_lost(reward, next_q, terminated, gamma):
    """You learn nothing from the reward of a terminated step: its whole target is 0, or its estimate is not moved
    at all. Only the future falls away there; the reward was received, and the estimate moves towards it."""
    return 0.0 if terminated else reward + gamma * next_q.max()


@instead_of("_target")
def best_starts_at_zero(reward, next_q, terminated, gamma):
    """Your largest estimate can't fall below 0. Where all estimates are negative, the best of them is negative,
    too."""
    return reward if terminated else reward + gamma * max(0, next_q.max())


@instead_of("_target")
def argmax_as_value(reward, next_q, terminated, gamma):
    """You add the number of the best action where its value is wanted. Which action it is does not say how much
    it is worth."""
    return reward if terminated else reward + gamma * next_q.argmax()


@instead_of("train_q_table")
def truncation_hides_the_end(env, episodes, alpha, gamma, epsilon, seed):
    """You look ahead whenever the time limit was reached, even if the step was terminated as well. When both
    happen at once, the world has come to an end and there is no future."""
    return train_q_table(_TruncationFirst(env), episodes, alpha, gamma, epsilon, seed)


@instead_of("train_q_table")
def episodes_cut_short(env, episodes, alpha, gamma, epsilon, seed):
    """You end your episodes after a number of steps of your own. An episode goes on until the environment says that
    it is over."""
    return train_q_table(gymnasium.wrappers.TimeLimit(env, 100), episodes, alpha, gamma, epsilon, seed)


@instead_of("train_q_table")
def same_numbers_for_every_seed(env, episodes, alpha, gamma, epsilon, seed):
    """Your random numbers start from the same point whatever the seed is. It is an argument, so that runs can
    differ."""
    return train_q_table(env, episodes, alpha, gamma, epsilon, 0)


@instead_of("train_q_table")
def seeded_for_every_episode(env, episodes, alpha, gamma, epsilon, seed):
    """You start the random numbers anew in every episode, so the agent explores in the same way each time. Make the
    generator once, before the first episode."""
    return _train(env, episodes, alpha, gamma, epsilon, seed, reseeds=True)


@instead_of("train_q_table")
def estimates_start_from_one(env, episodes, alpha, gamma, epsilon, seed):
    """Your estimates start from 1. They are to start from 0, and stay 0 where nothing was tried."""
    return _train(env, episodes, alpha, gamma, epsilon, seed, start=1.0)


@instead_of("train_q_table")
def truncation_is_terminal(env, episodes, alpha, gamma, epsilon, seed):
    """You drop the future after a time limit. The clock was stopped, but the world would have gone on, so the
    next state is worth what it always is."""
    return train_q_table(_EndsAreTerminal(env), episodes, alpha, gamma, epsilon, seed)


@instead_of("train_q_table")
def truncation_ignored(env, episodes, alpha, gamma, epsilon, seed):
    """Your loop looks at `terminated` only, and goes on when the time limit is reached. A truncated episode
    is over as well, and some worlds have no other end."""
    return train_q_table(_NeverTruncated(env), episodes, alpha, gamma, epsilon, seed)


@instead_of("train_q_table")
def no_reset_between_episodes(env, episodes, alpha, gamma, epsilon, seed):
    """You reset the environment once, before the first episode, and go on in the finished world afterwards.
    Each episode begins with a reset of its own."""
    return train_q_table(_ResetOnce(env), episodes, alpha, gamma, epsilon, seed)


@instead_of("train_q_table")
def one_step_per_episode(env, episodes, alpha, gamma, epsilon, seed):
    """You take one step per episode. An episode goes on from state to state until it is over."""
    return train_q_table(_OneStepOnly(env), episodes, alpha, gamma, epsilon, seed)


@instead_of("train_q_table")
def reset_tuple_as_state(env, episodes, alpha, gamma, epsilon, seed):
    """You take what `reset` returns for the state. It returns two things: the state and a dict of further
    information."""
    random = np.random.default_rng(seed)
    table = np.zeros((env.observation_space.n, env.action_space.n))
    for _ in range(episodes):
        state, over = env.reset(), False
        while not over:
            explores = random.random() < epsilon
            action = random.integers(env.action_space.n) if explores else np.argmax(table[state])
            next_state, reward, terminated, truncated, _ = env.step(action)
            future = 0 if terminated else np.max(table[next_state])
            table[state, action] += alpha * (reward + gamma * future - table[state, action])
            state, over = next_state, terminated or truncated
    return table


@instead_of("train_q_table")
def old_four_value_step(env, episodes, alpha, gamma, epsilon, seed):
    """You expect four values from `step`, as in old tutorials. Gymnasium gives five: where there was one
    `done`, it tells `terminated` and `truncated` apart."""
    for _ in range(episodes):
        env.reset()
        _state, _reward, _done, _info = env.step(0)
    return np.zeros((env.observation_space.n, env.action_space.n))


@instead_of("train_q_table")
def state_not_advanced(env, episodes, alpha, gamma, epsilon, seed):
    """You never go on from the next state, so all steps of an episode change the row of its first state. The
    state in which a step begins is the one to which the step before has led."""
    return _train(env, episodes, alpha, gamma, epsilon, seed, advances=False)


@instead_of("train_q_table")
def last_step_not_learned(env, episodes, alpha, gamma, epsilon, seed):
    """You leave the loop before you learn from the last step. It often brings the only reward there is."""
    return _train(env, episodes, alpha, gamma, epsilon, seed, learns_from_last=False)


@instead_of("train_q_table")
def alpha_not_used(env, episodes, alpha, gamma, epsilon, seed):
    """You overwrite the estimate with its target. It moves only the share alpha of the way, so that what was
    learned before is not lost by one step."""
    return train_q_table(env, episodes, 1.0, gamma, epsilon, seed)


@instead_of("train_q_table")
def gamma_not_used(env, episodes, alpha, gamma, epsilon, seed):
    """You add the value of the next state in full. It lies one step ahead, so gamma discounts it."""
    return train_q_table(env, episodes, alpha, 1.0, epsilon, seed)


@instead_of("train_q_table")
def epsilon_decays(env, episodes, alpha, gamma, epsilon, seed):
    """You let epsilon fall from episode to episode. That is often a good idea, but a decision of the caller:
    here epsilon stays as it is given."""
    return _train(env, episodes, alpha, gamma, epsilon, seed, decay=0.98)


@instead_of("train_q_table")
def explores_whole_episodes(env, episodes, alpha, gamma, epsilon, seed):
    """You ask chance once for each episode, and then explore in all its steps or in none. Whether to explore is
    to be decided anew in each step."""
    random = np.random.default_rng(seed)
    table = np.zeros((env.observation_space.n, env.action_space.n))
    for _ in range(episodes):
        explores = float(random.random() < epsilon)
        for state, action, reward, next_state, terminated in _steps(env, table, explores, random):
            target = _target(reward, table[next_state], terminated, gamma)
            table[state, action] += alpha * (target - table[state, action])
    return table


@instead_of("train_q_table")
def learns_after_the_episode(env, episodes, alpha, gamma, epsilon, seed):
    """You play the whole episode first and move the estimates when it is over. They are to be moved in each
    step, so that the next choice knows what came of this one."""
    random = np.random.default_rng(seed)
    table = np.zeros((env.observation_space.n, env.action_space.n))
    for _ in range(episodes):
        for state, action, reward, next_state, terminated in list(_steps(env, table, epsilon, random)):
            target = _target(reward, table[next_state], terminated, gamma)
            table[state, action] += alpha * (target - table[state, action])
    return table


def _steps(env, table, epsilon, random):
    """State, action, reward, next state and whether it was terminated, of each step of an episode."""
    state, _ = env.reset()
    over = False
    while not over:
        action = _choose(table[state], epsilon, random)
        next_state, reward, terminated, truncated, _ = env.step(action)
        yield state, action, reward, next_state, terminated
        state, over = next_state, terminated or truncated


@instead_of("_choose")
def exploring_and_exploiting_swapped(q, epsilon, random):
    """You explore when you should exploit, and the other way round. Epsilon is the probability of exploring:
    at 0 the agent never does."""
    return q.argmax() if random.random() < epsilon else random.integers(len(q))


@instead_of("_choose")
def always_explores(q, epsilon, random):
    """Your agent always acts at random, whatever epsilon is. With the probability 1 - epsilon it has to take
    an action that looks best."""
    return random.integers(len(q))


@instead_of("_choose")
def never_explores(q, epsilon, random):
    """Your agent always takes the action that looks best and so never finds out that another one is better.
    With the probability epsilon it has to try any action."""
    return q.argmax()


@instead_of("_choose")
def last_action_never_explored(q, epsilon, random):
    """The last action is never drawn: the range of your random actions ends one too early. All of them are to be
    equally likely."""
    return random.integers(max(len(q) - 1, 1)) if random.random() < epsilon else q.argmax()


@instead_of("_choose")
def best_never_explored(q, epsilon, random):
    """When your agent explores, it draws from the other actions only. All of them are to be equally likely then, the
    one that looks best among them."""
    others = [action for action in range(len(q)) if action != q.argmax()]
    return random.choice(others or [0]) if random.random() < epsilon else q.argmax()


@instead_of("_choose")
def seed_not_used(q, epsilon, random):
    """Your random numbers do not depend on the seed, so a run can't be repeated."""
    return np.random.randint(len(q)) if np.random.random() < epsilon else q.argmax()


@instead_of("train_q_table")
def greedy_over_the_whole_table(env, episodes, alpha, gamma, epsilon, seed):
    """You look for the best action in the whole table, so your agent acts alike in every state. What it does in
    one state depends on the estimates in that row."""
    return _train(env, episodes, alpha, gamma, epsilon, seed, looks_at_all=True)


@instead_of("greedy_policy")
def values_as_policy(table):
    """You return the largest estimates themselves. A policy says which action to take in each state, not what
    it is worth."""
    return table.max(axis=1)


@instead_of("greedy_policy")
def best_state_for_each_action(table):
    """You compare states with each other, one result per action. The agent is in one state and chooses among
    its actions: one result per state."""
    return table.argmax(axis=0)


@instead_of("greedy_policy")
def last_tie(table):
    """Where several actions are equally good you take the last one. The lowest is asked."""
    return table.shape[1] - 1 - table[:, ::-1].argmax(axis=1)


@instead_of("rollout")
def total_is_last_reward(env, policy, max_steps):
    """You return the reward of the last step. The total is the sum over all steps."""
    watched = _Watched(env)
    return {**rollout(watched, policy, max_steps), "total": watched.rewards[-1]}


@instead_of("rollout")
def any_end_is_terminal(env, policy, max_steps):
    """You report a terminal state also where only the time limit was reached. Then the world has not come to
    an end."""
    return rollout(_EndsAreTerminal(env), policy, max_steps)


@instead_of("rollout")
def runs_past_the_time_limit(env, policy, max_steps):
    """You go on after the environment's own time limit was reached. A truncated episode is over; no step may
    follow before the next reset."""
    return rollout(_NeverTruncated(env), policy, max_steps)


@instead_of("rollout")
def last_step_not_counted(env, policy, max_steps):
    """You do not count the last step, as you number the steps from 0. Asked is how many were taken."""
    result = rollout(env, policy, max_steps)
    return {**result, "steps": result["steps"] - 1}


class _EndsAreTerminal(gymnasium.Wrapper):
    def step(self, action):
        state, reward, terminated, truncated, info = self.env.step(action)
        return state, reward, terminated or truncated, truncated, info


class _NeverTruncated(gymnasium.Wrapper):
    def step(self, action):
        state, reward, terminated, _, info = self.env.step(action)
        return state, reward, terminated, False, info


class _TruncationFirst(gymnasium.Wrapper):
    def step(self, action):
        state, reward, terminated, truncated, info = self.env.step(action)
        return state, reward, terminated and not truncated, truncated, info


class _OneStepOnly(gymnasium.Wrapper):
    def step(self, action):
        state, reward, terminated, _, info = self.env.step(action)
        return state, reward, terminated, True, info


class _ResetOnce(gymnasium.Wrapper):
    last = None

    def reset(self, **options):
        return (self.last, {}) if self.last is not None else self.env.reset(**options)

    def step(self, action):
        self.last, *rest = self.env.step(action)
        return self.last, *rest


class _Watched(gymnasium.Wrapper):
    def __init__(self, env):
        super().__init__(env)
        self.rewards = []

    def step(self, action):
        state, reward, *rest = self.env.step(action)
        self.rewards.append(reward)
        return state, reward, *rest


def _train(
    env,
    episodes,
    alpha,
    gamma,
    epsilon,
    seed,
    advances=True,
    learns_from_last=True,
    decay=1.0,
    reseeds=False,
    start=0.0,
    looks_at_all=False,
):
    random = np.random.default_rng(seed)
    table = np.full((env.observation_space.n, env.action_space.n), start)
    for _ in range(episodes):
        random = np.random.default_rng(seed) if reseeds else random
        state, _ = env.reset()
        over = False
        while not over:
            explores = random.random() < epsilon
            best = table.argmax() % env.action_space.n if looks_at_all else table[state].argmax()
            action = random.integers(env.action_space.n) if explores else best
            next_state, reward, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
            if learns_from_last or not over:
                future = 0 if terminated else np.max(table[next_state])
                table[state, action] += alpha * (reward + gamma * future - table[state, action])
            if advances:
                state = next_state
        epsilon *= decay
    return table
