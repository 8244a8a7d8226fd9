"""Drawing cases with Hypothesis, and shrinking a failing one."""

import copy
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_kata.authoring import Case

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["draw", "shrink", "size"]

_FAR = 1e9
"""What counts as the distance from 0 of larger numbers, of infinity and of NaN."""


class _Enough(BaseException):
    """Stops Hypothesis; not under Exception, so that it lets it through."""


def draw(strategy: "SearchStrategy[Case]", count: int, seed: int) -> list[Case]:
    """Up to `count` different cases; the same strategy and seed give the same cases in any process.

    There are fewer where the strategy has fewer. Whatever the strategy raises comes through.
    """
    cases: list[Case] = []
    _run(strategy, count, seed, lambda case: cases.append(case), shrinking=False)
    return cases


def shrink(
    strategy: "SearchStrategy[Case]",
    count: int,
    seed: int,
    known: Sequence[bool],
    fails: Callable[[Case], bool],
    calls: int,
) -> None:
    """Call `fails` on ever simpler cases, at most `calls` times.

    Args:
        strategy, count, seed: as in the `draw` that gave the cases.
        known: for each drawn case whether it fails, so that it is not asked again.
        fails: whether a new case fails in the same way; it keeps what it wants of it.
        calls: the budget. It counts calls, not seconds, so that a slow machine finds the same case.

    Raises:
        Exception: whatever `fails` raises.
    """
    drawn = iter(known)
    left = calls
    broken: list[Exception] = []

    def check(case: Case) -> None:
        nonlocal left
        failed = next(drawn, None)
        if failed is None or found:
            left -= 1
            if left < 0:
                raise _Enough
            try:
                failed = fails(case)
            except Exception as error:  # to Hypothesis it would be one more failure to shrink
                broken.append(error)
                raise _Enough from None
        if failed:
            found.append(True)
            raise AssertionError

    found: list[bool] = []
    try:
        _run(strategy, count, seed, check, shrinking=True)
    except (_Enough, AssertionError):
        pass
    except Exception as error:
        # Hypothesis calls a submission that answers the same case in two ways flaky. What was seen stands.
        if type(error).__module__.partition(".")[0] != "hypothesis":
            raise
    if broken:
        raise broken[0]


def size(case: Any) -> tuple[int, float]:
    """How large a case is to read: how many values it has, then how far they are from 0."""
    if isinstance(case, dict):
        case = list(case.values())
    if isinstance(case, list | tuple):
        sizes = [size(item) for item in case]
        return sum(s[0] for s in sizes) + 1, sum(s[1] for s in sizes)
    if hasattr(case, "shape"):
        import numpy as np

        if case.dtype.kind not in "biufc":
            return case.size + 1, 0.0
        values = np.nan_to_num(np.abs(case.astype("complex128")), nan=_FAR, posinf=_FAR)
        return case.size + 1, float(np.minimum(values, _FAR).sum())
    if isinstance(case, bool | int | float):
        return 1, float(min(abs(case), _FAR)) if case == case else _FAR
    return 1, float(len(case)) if isinstance(case, str) else 0.0


def _run(
    strategy: "SearchStrategy[Case]", count: int, seed: int, check: Callable[[Case], None], *, shrinking: bool
) -> None:
    import hypothesis

    phases = [hypothesis.Phase.generate] + ([hypothesis.Phase.shrink] if shrinking else [])

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
        print_blob=False,
    )
    @hypothesis.given(strategy)
    def run(case: Case) -> None:
        check(copy.deepcopy(case))

    with _steady():
        run()


@contextmanager
def _steady() -> Iterator[None]:
    """Draw without the constants that Hypothesis collects from the modules loaded at the time.

    With them, the cases of a seed would depend on which other exercises, and which submissions, the
    process has loaded before.
    """
    from hypothesis.configuration import set_hypothesis_home_dir
    from hypothesis.internal.conjecture.providers import HypothesisProvider

    def no_constant(*_: Any, **__: Any) -> None:
        return None

    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "keras-kata-hypothesis")
    usual = HypothesisProvider._maybe_draw_constant
    HypothesisProvider._maybe_draw_constant = no_constant  # type: ignore[method-assign]
    try:
        yield
    finally:
        HypothesisProvider._maybe_draw_constant = usual  # type: ignore[method-assign]
