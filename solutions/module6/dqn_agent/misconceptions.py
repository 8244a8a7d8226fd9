"""Known mistakes in building, training and testing a DQN agent."""

import gymnasium
import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of

from .reference import _draw, evaluate_agent, train_agent
from .reference import _make_update as _right_update


def _network(n_features, n_actions, hidden, hidden_activation, output_activation):
    """The right layers, with other activations."""
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(hidden, activation=hidden_activation),
            keras.layers.Dense(n_actions, activation=output_activation),
        ]
    )


class _LastRewardOnly(gymnasium.Wrapper):
    """Shifts an episode's rewards so that they sum up to its last one."""

    def reset(self, **options):
        self.total = 0.0
        return self.env.reset(**options)

    def step(self, action):
        state, reward, *rest = self.env.step(action)
        shown, self.total = reward - self.total, reward
        return state, shown, *rest


@instead_of("build_q_network")
def softmax_q_values(n_features, n_actions, hidden):
    """Your outputs are probabilities. An estimate of a return can be negative or larger than 1, and the
    estimates of a state do not add up to 1."""
    return _network(n_features, n_actions, hidden, "relu", "softmax")


@instead_of("build_q_network")
def outputs_never_negative(n_features, n_actions, hidden):
    """Your outputs can't be negative, for they go through ReLU as well. A return can be."""
    return _network(n_features, n_actions, hidden, "relu", "relu")


@instead_of("build_q_network")
def no_activation_at_all(n_features, n_actions, hidden):
    """Your hidden layer has no activation. Two linear layers after one another are no more than one linear
    layer."""
    return _network(n_features, n_actions, hidden, None, None)


@instead_of("evaluate_agent")
def explores_in_evaluation(env, q_net, episodes):
    """Your test still explores. What is to be tested is what the agent has learned, so it takes the best action
    in every step."""
    random = np.random.default_rng(0)
    returns = []
    for _ in range(episodes):
        state, _ = env.reset()
        total, over = 0.0, False
        while not over:
            greedy = int(np.argmax(q_net(state[None])))
            action = int(random.integers(env.action_space.n)) if random.random() < 0.3 else greedy
            state, reward, terminated, truncated, _ = env.step(action)
            total, over = total + reward, terminated or truncated
        returns.append(total)
    return returns


@instead_of("evaluate_agent")
def last_reward_as_test_result(env, q_net, episodes):
    """The results of your test are the last rewards. The return of an episode is the sum of all its rewards;
    the last one is all there is only where nothing else pays."""
    return evaluate_agent(_LastRewardOnly(env), q_net, episodes)


@instead_of("_play")
def runs_past_truncation(env, choose):
    """Your episodes end only when they are terminated. Where the time limit is reached, an episode is over, too,
    and no step may be taken before the next reset."""
    state, _ = env.reset()
    terminated = False
    while not terminated:
        action = choose(state)
        next_state, reward, terminated, _, _ = env.step(action)
        yield state, action, reward, next_state, terminated
        state = next_state


@instead_of("train_agent")
def only_last_reward_counted(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """Your training reports the last reward of each episode. Its return is the sum of all its rewards."""
    recorder = _Rewards(env)
    train_agent(recorder, q_net, target_net, episodes, gamma, batch_size, sync_every, seed)
    return [rewards[-1] for rewards in recorder.episodes]


@instead_of("train_agent")
def returns_never_reset(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """Your sum of rewards runs on from one episode to the next. Each return begins at 0."""
    options = (episodes, gamma, batch_size, sync_every, seed)
    return np.cumsum(train_agent(env, q_net, target_net, *options))


class _Rewards(gymnasium.Wrapper):
    """Keeps the rewards of each episode."""

    def __init__(self, env):
        super().__init__(env)
        self.episodes = []

    def reset(self, **options):
        self.episodes.append([])
        return self.env.reset(**options)

    def step(self, action):
        result = self.env.step(action)
        self.episodes[-1].append(result[1])
        return result


@instead_of("train_agent")
def seed_not_used(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """Your agent does the same with every seed. The random numbers have to start from the seed that is given."""
    return train_agent(env, q_net, target_net, episodes, gamma, batch_size, sync_every, 0)


@instead_of("_draw")
def batches_drawn_without_the_seed(memory, batch_size, random):
    """Your batches are drawn with random numbers that do not come from the seed. The actions may be the same again,
    but the weights end up elsewhere, and no run can be repeated."""
    return _draw(memory, batch_size, np.random)


@instead_of("_ready")
def trains_before_enough_samples(memory, batch_size):
    """You draw a batch before there are enough transitions to draw it from. In the first steps the agent only
    gathers experience."""
    return True


@instead_of("train_agent")
def target_never_synced(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """Your target network never takes over what the online network has learned. All targets are then computed
    with the values of the start."""
    return train_agent(env, q_net, target_net, episodes, gamma, batch_size, 10**9, seed)


@instead_of("train_agent")
def target_synced_in_every_step(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """You bring the target network up to date in every step. It is to stand still for `sync_every` steps, or it
    is of no use."""
    return train_agent(env, q_net, target_net, episodes, gamma, batch_size, 1, seed)


@instead_of("_draw")
def no_memory(memory, batch_size, random):
    """You learn from the newest transition only. It is forgotten at once, and what the agent learns in one part
    of its world overwrites what it knew of another."""
    state, action, reward, next_state, terminated = memory[-1]
    return (
        state[None],
        np.array([action]),
        np.array([reward], "float32"),
        next_state[None],
        np.array([terminated], "float32"),
    )


@instead_of("_make_update")
def targets_from_the_online_network(q_net, target_net, gamma):
    """Your targets come from the online network, so that they move with every update. They are to come from the
    target network."""
    return _right_update(q_net, q_net, gamma)


@instead_of("_make_update")
def next_action_by_the_online_network(q_net, target_net, gamma):
    """You let the online network choose the next action, and the target network only say what it is worth. That is
    double Q-learning; asked is the largest estimate of the target network."""
    optimizer = keras.optimizers.Adam(0.01)

    def update(states, actions, rewards, next_states, terminated):
        chosen = tf.argmax(q_net(next_states), axis=1)
        future = tf.gather(target_net(next_states), chosen, batch_dims=1)
        targets = rewards + gamma * (1 - terminated) * future
        with tf.GradientTape() as tape:
            estimates = tf.gather(q_net(states), actions, batch_dims=1)
            loss = tf.reduce_mean((targets - estimates) ** 2)
        optimizer.apply(tape.gradient(loss, q_net.trainable_variables), q_net.trainable_variables)

    return update


@instead_of("_play")
def truncation_taken_for_an_end(env, choose):
    """You treat a truncated step like a terminated one, with no future in its target. The world goes on there; only
    the episode was cut short."""
    state, _ = env.reset()
    over = False
    while not over:
        action = choose(state)
        next_state, reward, terminated, truncated, _ = env.step(action)
        over = terminated or truncated
        yield state, action, reward, next_state, over
        state = next_state


@instead_of("_play")
def never_terminated(env, choose):
    """You look past the end of an episode that was terminated. There is no future there: its target is the reward
    alone."""
    state, _ = env.reset()
    over = False
    while not over:
        action = choose(state)
        next_state, reward, terminated, truncated, _ = env.step(action)
        yield state, action, reward, next_state, False
        state, over = next_state, terminated or truncated


@instead_of("_make_update")
def rewards_clipped(q_net, target_net, gamma):
    """You clip the rewards or the targets to the range from -1 to 1, as the paper did for Atari games. Here they count
    as they are: clipped, a large one can't be told from a small one."""
    update = _right_update(q_net, target_net, gamma)

    def clipped(states, actions, rewards, next_states, terminated):
        update(states, actions, tf.clip_by_value(rewards, -1, 1), next_states, terminated)

    return clipped


@instead_of("train_agent")
def learns_once_per_episode(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """You make one update at the end of each episode. One is to be made in each step, as soon as there are enough
    transitions for a batch."""
    random = np.random.default_rng(seed)
    return _train(
        env,
        q_net,
        target_net,
        episodes,
        gamma,
        _half_greedy(env, q_net, random),
        lambda memory, over: over and len(memory) >= batch_size and _draw(memory, batch_size, random),
        lambda steps, updates, over: steps % sync_every == 0,
    )


@instead_of("train_agent")
def sync_counts_updates(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """You bring the target network up to date after a number of updates. What counts are the steps in the
    environment, also those in which there was not enough to learn from."""
    random = np.random.default_rng(seed)
    return _train(
        env,
        q_net,
        target_net,
        episodes,
        gamma,
        _half_greedy(env, q_net, random),
        lambda memory, over: len(memory) >= batch_size and _draw(memory, batch_size, random),
        lambda steps, updates, over: updates and updates % sync_every == 0,
    )


@instead_of("train_agent")
def acts_at_random_to_the_end(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """Towards the end of the training your agent still does not follow its estimates. In the last quarter of the
    episodes it is to take the action with the largest one at least every other time."""
    settings = (env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed)
    return _train_acting(lambda state, random: random.integers(env.action_space.n), *settings)


@instead_of("train_agent")
def never_explores(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """Your agent takes the action with the largest estimate from its first step on. What it has never tried, it can
    never learn to like: at the start it is to act at random in half of the steps at least."""
    settings = (env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed)
    return _train_acting(lambda state, random: int(np.argmax(q_net(state[None]))), *settings)


def _half_greedy(env, q_net, random):
    """A choice of actions as the reference makes it."""
    return lambda state: (
        random.integers(env.action_space.n) if random.random() < 0.5 else int(np.argmax(q_net(state[None])))
    )


def _train_acting(choose, env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """A training that is right but for the choice of actions."""
    random = np.random.default_rng(seed)
    return _train(
        env,
        q_net,
        target_net,
        episodes,
        gamma,
        lambda state: choose(state, random),
        lambda memory, over: len(memory) >= batch_size and _draw(memory, batch_size, random),
        lambda steps, updates, over: steps % sync_every == 0,
    )


def _train(env, q_net, target_net, episodes, gamma, choose, batch_of, syncs):
    """A training by three rules: what is done, what is learned from (or nothing), when the target follows."""
    update = _right_update(q_net, target_net, gamma)
    memory, returns, steps, updates = [], [], 0, 0
    for _ in range(episodes):
        state, _ = env.reset()
        total, over = 0.0, False
        while not over:
            action = choose(state)
            next_state, reward, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
            memory.append((state, action, reward, next_state, terminated))
            batch = batch_of(memory, over)
            if batch:
                update(*batch)
                updates += 1
            steps += 1
            if syncs(steps, updates, over):
                target_net.set_weights(q_net.get_weights())
            state, total = next_state, total + reward
        returns.append(total)
    return returns
