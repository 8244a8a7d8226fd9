"""Other right ways to build, train and test the agent."""

import random as python_random
from collections import deque

import keras
import numpy as np
import tensorflow as tf

from keras_kata import instead_of


@instead_of("build_q_network")
class subclass(keras.Model):
    """A subclass with the activation as a function; it has no weights before its first call."""

    def __init__(self, n_features, n_actions, hidden):
        super().__init__()
        self.hidden = keras.layers.Dense(hidden)
        self.estimates = keras.layers.Dense(n_actions, activation="linear")

    def call(self, states):
        return self.estimates(tf.nn.relu(self.hidden(states)))


@instead_of("build_q_network")
def functional(n_features, n_actions, hidden):
    """The functional way; layers made in the other order."""
    last = keras.layers.Dense(n_actions)
    states = keras.Input(shape=(n_features,), name="states")
    return keras.Model(states, last(keras.layers.ReLU()(keras.layers.Dense(hidden)(states))))


@instead_of("evaluate_agent")
def estimates_in_numpy(env, q_net, episodes):
    """`predict_on_batch`; numpy integers as actions; an array returned."""
    totals = np.zeros(episodes)
    for episode in range(episodes):
        state, _ = env.reset(seed=episode)
        while True:
            action = q_net.predict_on_batch(np.expand_dims(state, 0)).argmax()
            state, reward, terminated, truncated, _ = env.step(action)
            totals[episode] += reward
            if terminated or truncated:
                break
    return totals


@instead_of("train_agent")
def falling_epsilon_and_huber(env, q_net, target_net, episodes, gamma, batch_size, sync_every, seed):
    """Python's generator, a deque, epsilon falling to 0.05, Huber's loss, RMSprop; an initial copy."""
    generator, memory = python_random.Random(seed), deque(maxlen=2000)
    target_net.set_weights(q_net.get_weights())
    optimizer, huber = keras.optimizers.RMSprop(0.005), keras.losses.Huber()
    optimizer.build(q_net.trainable_variables)

    @tf.function
    def learn(states, actions, rewards, next_states, goes_on):
        goal = rewards + goes_on * gamma * tf.reduce_max(target_net(next_states), axis=-1)
        with tf.GradientTape() as tape:
            q = q_net(states, training=True)
            loss = huber(goal, tf.reduce_sum(q * tf.one_hot(actions, tf.shape(q)[1]), axis=-1))
        gradients = tape.gradient(loss, q_net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, q_net.trainable_variables, strict=True))

    returns, counter = [], 0
    for episode in range(episodes):
        epsilon = max(0.05, 1 - 1.5 * episode / episodes)
        state, rewards, over = env.reset(seed=seed)[0], [], False
        while not over:
            if generator.random() < epsilon:
                action = generator.randrange(int(env.action_space.n))
            else:
                action = int(tf.argmax(q_net(tf.constant(state)[None])[0]))
            following, reward, terminated, truncated, _ = env.step(action)
            memory.append((state, action, reward, following, 1.0 - float(terminated)))
            rewards.append(reward)
            state, over, counter = following, terminated or truncated, counter + 1
            if len(memory) >= batch_size:
                columns = zip(*generator.choices(memory, k=batch_size), strict=True)
                states, actions, paid, next_states, goes_on = (np.array(column) for column in columns)
                learn(states, actions, paid.astype("float32"), next_states, goes_on.astype("float32"))
            if counter % sync_every == 0:
                target_net.set_weights(q_net.get_weights())
        returns.append(sum(rewards))
    return returns
