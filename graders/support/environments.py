"""Tiny Gymnasium environments that follow a table and keep a record of what was done in them."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium
import numpy as np

MOST_LATE_STEPS = 20
"""After so many steps too many in one episode, every further step terminates, so that a loop that does not
look at `truncated` comes back."""


def scripted_env(
    table: Mapping[str, Any],
    starts: Sequence[int] = (0,),
    limit: int | None = None,
    features: np.ndarray | None = None,
) -> "ScriptedEnv":
    """An environment in which nothing is left to chance.

    Args:
        table: what each action does in each state, three arrays (states, actions): `next_state` int,
            `reward` float, `terminated` bool. Plain data, so that it can be part of a case; it is copied.
        starts: the states in which episodes start, taken in turn. A reset after which no step is taken uses
            up no start, so that a reset too many changes nothing.
        limit: after so many steps an episode is truncated; None for never.
        features: (states, n) float32, what is observed of each state; None for its number.
    """
    return ScriptedEnv(table, starts, limit, features)


class ScriptedEnv(gymnasium.Env[Any, int]):
    """Made by `scripted_env`. Steps after an episode's end are counted, and go on by the table.

    Attributes:
        late_steps: how many steps were taken after the end of an episode, in all episodes together.
    """

    def __init__(
        self,
        table: Mapping[str, Any],
        starts: Sequence[int],
        limit: int | None,
        features: np.ndarray | None,
    ) -> None:
        self._next_state = np.array(table["next_state"]).tolist()
        self._reward = np.array(table["reward"], "float64").tolist()
        self._terminated = np.array(table["terminated"], bool).tolist()
        self._starts = list(starts)
        self._limit = limit
        self._features = None if features is None else np.array(features, "float32")
        states, actions = np.shape(table["next_state"])
        self.action_space = gymnasium.spaces.Discrete(actions)
        if self._features is None:
            self.observation_space: gymnasium.Space[Any] = gymnasium.spaces.Discrete(states)
        else:
            self.observation_space = gymnasium.spaces.Box(
                -np.inf, np.inf, self._features.shape[1:], "float32"
            )
        self._episodes: list[dict[str, Any]] = []
        self.late_steps = 0
        self._state: int | None = None
        self._late = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode. The seed changes nothing."""
        super().reset(seed=seed, options=options)
        if self._episodes and not self._episodes[-1]["actions"]:
            self._episodes.pop()
        self._state = self._starts[len(self._episodes) % len(self._starts)]
        self._episodes.append({"actions": [], "end": "not ended"})
        self._late = 0
        return self._observation(), {}

    def step(self, action: int) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Follow the table.

        Raises:
            ResetNeeded: there was no reset yet.
            ValueError: there is no such action.
            RuntimeError: the caller goes on and on after the end of an episode.
        """
        if self._state is None:
            raise gymnasium.error.ResetNeeded("the environment must be reset before its first step")
        chosen = operator.index(action)
        if not 0 <= chosen < self.action_space.n:
            raise ValueError(f"the actions are 0 to {self.action_space.n - 1}, not {chosen}")
        episode = self._episodes[-1]
        self._count_late(episode)
        episode["actions"].append(chosen)
        reward, terminated = self._reward[self._state][chosen], self._terminated[self._state][chosen]
        self._state = self._next_state[self._state][chosen]
        terminated = terminated or self._late >= MOST_LATE_STEPS
        truncated = self._limit is not None and len(episode["actions"]) >= self._limit
        if episode["end"] == "not ended":
            episode["end"] = "terminated" if terminated else "truncated" if truncated else "not ended"
        return self._observation(), reward, terminated, truncated, {}

    @property
    def played(self) -> list[dict[str, Any]]:
        """The episodes in which a step was taken, as plain data for an observation.

        Each is a dict of `actions`, a list, late ones included, and `end`: "terminated", "truncated" or "not
        ended". A step that is both terminated and truncated is "terminated".
        """
        return [
            {"actions": list(episode["actions"]), "end": episode["end"]}
            for episode in self._episodes
            if episode["actions"]
        ]

    def _count_late(self, episode: Mapping[str, Any]) -> None:
        if episode["end"] == "not ended":
            return
        self._late += 1
        self.late_steps += 1
        if self._late > 50 * MOST_LATE_STEPS:
            raise RuntimeError(f"{self._late} steps were taken after the end of an episode")

    def _observation(self) -> Any:
        if self._features is None:
            return self._state
        return self._features[self._state].copy()
