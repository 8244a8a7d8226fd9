"""Judging: right and wrong answers, cheats, the grader's own faults, diagnosis, shrinking and limits."""

import inspect
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from keras_kata.errors import AuthoringError
from keras_kata.judge import Judge, Limits
from keras_kata.verdicts import (
    Failed,
    Forbidden,
    GraderError,
    NotAttempted,
    Outcome,
    Passed,
    Raised,
    TimedOut,
    Unusable,
    Verdict,
)
from tests.support import GRADER, MISCONCEPTIONS, REFERENCE, RIGHT, STUB, Workshop, make_workshop, table

Make = Callable[..., Workshop]
QUICK = Limits(case_floor=0.1, probe_floor=0.5, factor=10.0)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a course of one exercise."""
    return lambda **options: make_workshop(tmp_path, **options)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The exercise as it is in `support`, whose judge is made once."""
    return make_workshop(tmp_path_factory.mktemp("course"))


def scaled(body: str, head: str = "import numpy as np") -> str:
    """An answer: the body of `scaled(x, factor)`."""
    return f"{head}\n\n\ndef scaled(x, factor=2.0):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"


def grader(body: str, decorator: str = "", head: str = "") -> str:
    """A grader of one probe."""
    options = f"points=1, hints=('h',){', ' + decorator if decorator else ', examples=[{}]'}"
    return (
        "import numpy as np\nfrom hypothesis import strategies as st\nimport keras_kata as kk\n"
        f"{textwrap.dedent(head)}\n@kk.probe({options})\ndef probe(impl, case):\n"
        f"    'What is observed.'\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    )


def failed(outcome: Outcome) -> Failed:
    assert isinstance(outcome, Failed), outcome
    return outcome


# Right and wrong


@pytest.mark.parametrize("body", ["return x * factor", "return [n * factor for n in x]", "return x + x"])
def test_right_answers_pass(shared: Workshop, body: str) -> None:
    assert shared.outcome(scaled(body)) == Passed()


def test_the_reference_and_its_alternatives_pass(shared: Workshop) -> None:
    judge = shared.judge
    assert judge.judge(judge.load(shared.exercise.solution / "reference.py"), "doubled").outcome == Passed()
    for stand_in in judge.solution.alternatives().values():
        assert judge.judge(judge.stand_in(stand_in), "doubled").outcome == Passed()


def test_a_wrong_answer_fails_with_its_smallest_case(shared: Workshop) -> None:
    outcome = failed(shared.outcome(scaled("return x * factor + (np.abs(x) > 2)")))
    [x] = outcome.case["x"].tolist()
    assert abs(x) == 3
    assert outcome.expected.tolist() == [2 * x]
    assert outcome.received.tolist() == [2 * x + 1]
    assert outcome.difference.path == "[0]"
    assert outcome.mistake is None


def test_the_stub_is_not_attempted(shared: Workshop) -> None:
    verdict = shared.judge.judge(shared.submission(STUB), "doubled")
    assert verdict.outcome == NotAttempted()
    assert verdict.earned == 0


def test_a_broken_file_has_the_same_outcome_at_every_probe(make: Make) -> None:
    second = GRADER[GRADER.index("@probe") :].replace("doubled", "again")
    workshop = make(grader=f"{GRADER}\n\n{second}")
    verdicts = workshop.judge.judge_all(workshop.submission("def scaled(:"))
    assert [verdict.probe for verdict in verdicts] == ["doubled", "again"]
    assert isinstance(verdicts[0].outcome, Unusable)
    assert verdicts[0].outcome == verdicts[1].outcome


def test_an_error_is_shown_with_its_smallest_case(shared: Workshop) -> None:
    outcome = shared.outcome(scaled("if len(x) > 1:\n    raise ValueError('two')\nreturn x * factor"))
    assert isinstance(outcome, Raised)
    assert len(outcome.case["x"]) == 2
    assert outcome.error == "ValueError: two"


LARGE = (
    "cases=st.fixed_dictionaries({'x': st.lists(st.integers(0, 1000), max_size=8).map(np.array)}), count=40"
)


def test_a_smaller_case_than_those_drawn_is_found(make: Make) -> None:
    workshop = make(grader=grader("return impl.scaled(case['x'])", LARGE))
    outcome = failed(workshop.outcome(scaled("return x * factor + (x.sum() > 501)")))
    assert outcome.case["x"].tolist() == [502]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(25, [502]), (24, [510])],
    ids=["cases are cheap", "cases are dear"],
)
def test_where_cases_are_dear_and_one_picked_by_hand_fails_no_smaller_one_is_looked_for(
    make: Make, count: int, shown: list[int]
) -> None:
    cases = LARGE.replace("count=40", f"count={count}, examples=[{{'x': np.array([510])}}]")
    workshop = make(grader=grader("return impl.scaled(case['x'])", cases))
    outcome = failed(workshop.outcome(scaled("return x * factor + (x.sum() > 501)")))
    assert outcome.case["x"].tolist() == shown


def test_without_looking_the_smallest_case_drawn_is_shown(make: Make) -> None:
    workshop = make(grader=grader("return impl.scaled(case['x'])", LARGE), shrinking=False)
    trial = workshop.judge.known.trial(workshop.judge.probes["probe"])
    assert not isinstance(trial, GraderError)
    wrong = [case["x"].tolist() for case in trial.cases if case["x"].sum() > 501]
    outcome = failed(workshop.outcome(scaled("return x * factor + (x.sum() > 501)")))
    assert outcome.case["x"].tolist() in wrong
    assert outcome.case["x"].tolist() != [502]
    assert len(outcome.case["x"]) == min(map(len, wrong))


SLIPS = [
    (
        "from error to error",
        "if x.tolist() == [501]:\n    {}['key']\nif x.sum() > 501:\n    raise ValueError\n",
        Raised,
    ),
    (
        "from answer to error",
        "if x.tolist() == [501]:\n    {}['key']\nif x.sum() > 501:\n    return x\n",
        Failed,
    ),
    (
        "from error to answer",
        "if x.tolist() == [501]:\n    return x\nif x.sum() > 501:\n    raise ValueError\n",
        Raised,
    ),
]


@pytest.mark.parametrize(("body", "kind"), table(SLIPS))
def test_looking_for_a_smaller_case_does_not_slip_to_another_failure(
    make: Make, body: str, kind: type[Failed | Raised]
) -> None:
    workshop = make(grader=grader("return impl.scaled(case['x'])", LARGE))
    outcome = workshop.outcome(scaled(body + "return x * factor"))
    assert isinstance(outcome, kind)
    assert outcome.case["x"].tolist() == [502]


def test_without_shrinking_the_smallest_case_drawn_is_shown(make: Make) -> None:
    workshop = make(shrinking=False)
    source = scaled("return x * factor + (np.abs(x) > 2)")
    judge = workshop.judge
    assert len(failed(workshop.outcome(source)).case["x"]) >= 1
    trial = judge.known.trial(judge.probes["doubled"])
    assert not isinstance(trial, GraderError)
    shown = failed(workshop.outcome(source)).case["x"].tolist()
    assert shown in [case["x"].tolist() for case in trial.cases]


def test_seeds_differ_and_are_kept(tmp_path: Path) -> None:
    def cases(seed: int) -> list[Any]:
        judge = make_workshop(tmp_path / "course", seed=seed).judge
        trial = judge.known.trial(judge.probes["doubled"])
        assert not isinstance(trial, GraderError)
        return [case["x"].tolist() for case in trial.cases]

    assert cases(1) == cases(1)
    assert cases(1) != cases(2)


EXAMPLE = "examples=[{'x': np.array([1.5])}, {'x': np.array([7.0])}]"


def test_examples_are_tried_before_drawn_cases(make: Make) -> None:
    both = f"{EXAMPLE}, cases=st.just({{'x': np.zeros(1)}}), count=5"
    workshop = make(grader=grader("return impl.scaled(case['x'])", both))
    outcome = failed(workshop.outcome(scaled("return x * factor + (x == 7)")))
    assert outcome.case["x"].tolist() == [7.0]


def test_examples_alone_are_enough(make: Make) -> None:
    workshop = make(grader=grader("return impl.scaled(case['x'])", EXAMPLE))
    assert workshop.outcome(RIGHT) == Passed()
    assert failed(workshop.outcome(scaled("return x"))).case["x"].tolist() == [1.5]


def test_a_verdict_says_what_was_judged(shared: Workshop) -> None:
    right = shared.judge.judge(shared.submission(RIGHT), "doubled")
    wrong = shared.judge.judge(shared.submission(scaled("return x")), "doubled")
    assert (right.exercise, right.probe, right.points, right.earned) == ("module1/scaled", "doubled", 1, 1)
    assert (wrong.points, wrong.earned) == (1, 0)
    assert 0 < right.seconds < 60


def test_noticing_stops_at_the_first_wrong_answer(make: Make) -> None:
    workshop = make()
    assert workshop.judge.notices(workshop.submission(scaled("return x")))
    assert workshop.judge.notices(workshop.submission("def scaled(:"))
    assert workshop.judge.notices(workshop.submission(STUB))
    assert not workshop.judge.notices(workshop.submission(RIGHT))
    counting = "calls = []\n"
    submission = workshop.submission(scaled("calls.append(1)\nreturn x + 1", counting))
    assert workshop.judge.notices(submission)
    assert submission.implementation is not None
    assert len(submission.implementation.calls) == 1


# Inputs, state and memory


def test_a_changed_input_loses_the_point_although_the_answer_is_right(shared: Workshop) -> None:
    outcome = failed(shared.outcome(scaled("y = x * factor\nx[:] = 7\nreturn y")))
    assert "changes its argument `x` in place" in outcome.difference.reason
    assert outcome.mistake is not None
    assert outcome.mistake.name == "input_changed"
    assert 7 not in outcome.case["x"]


def test_the_reference_does_not_see_what_a_submission_did_to_its_case(make: Make) -> None:
    body = "impl.scaled(case['x'])\nreturn impl.scaled(case['x'])"
    workshop = make(grader=grader(body, EXAMPLE))
    assert isinstance(workshop.outcome(scaled("x *= 0\nreturn x")), Failed)
    outcome = failed(workshop.outcome(scaled("x *= 0\nreturn x * factor")))
    assert outcome.expected.tolist() == [3.0]
    assert outcome.case["x"].tolist() == [1.5]
    assert workshop.outcome(RIGHT) == Passed()


def test_an_answer_that_is_its_input_is_not_changed_by_the_reference(make: Make) -> None:
    workshop = make(reference=REFERENCE.replace("x * factor", "x.copy()"))
    assert workshop.outcome(scaled("return x")) == Passed()


def test_a_probe_can_observe_that_inputs_were_changed(make: Make) -> None:
    body = "before = case['x'].copy()\nimpl.scaled(case['x'])\nreturn bool((case['x'] == before).all())"
    workshop = make(grader=grader(body, EXAMPLE))
    assert workshop.outcome(RIGHT) == Passed()
    outcome = failed(workshop.outcome(scaled("x *= factor\nreturn x")))
    assert outcome.difference.expected is True


def test_a_returned_array_that_is_changed_later_is_seen_as_it_was(make: Make) -> None:
    workshop = make(grader=grader("return impl.scaled(case['x'])", EXAMPLE))
    assert isinstance(
        workshop.outcome(
            scaled("kept[:] = x * factor\nreturn kept", "import numpy as np\nkept = np.zeros(1)")
        ),
        Passed,
    )


STATEFUL = "calls = []\n"


def test_state_between_calls_is_seen_by_what_it_makes_of_the_answers(shared: Workshop) -> None:
    for body in (
        "calls.append(1)\nreturn x * factor + (len(calls) > 1)",
        "calls.append(1)\nreturn x * factor if len(calls) % 2 else x",
        "calls.append(x * factor)\nreturn calls[0]",
    ):
        assert isinstance(shared.outcome(scaled(body, STATEFUL)), Failed)


def test_answers_to_cases_seen_before_are_no_answers_to_others(shared: Workshop) -> None:
    body = "key = id(x)\nseen.setdefault(key, x * factor)\nreturn seen[key]"
    outcome = shared.outcome(scaled(body, "seen = {}\n"))
    assert isinstance(outcome, Passed | Failed)


@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "bool", "complex128"])
@pytest.mark.parametrize("empty", ["x.shape, x.dtype", "x.shape", "(n := len(x),), 'float32'"])
@pytest.mark.parametrize("size", [1, 3, 40, 200])
def test_uninitialised_memory_does_not_hold_the_answer(make: Make, kind: str, empty: str, size: int) -> None:
    reference = REFERENCE.replace("x * factor", "np.array(x) if x.dtype == bool else (x * 3).astype(x.dtype)")
    example = f"examples=[{{'x': (np.arange({size}) % 7 + 1).astype('{kind}')}}]"
    workshop = make(reference=reference, grader=grader("return impl.scaled(case['x'])", example))
    for _ in range(3):
        assert isinstance(workshop.outcome(scaled(f"return np.empty({empty})")), Failed)


def test_uninitialised_memory_in_lists_and_dicts_does_not_hold_the_answer(make: Make) -> None:
    example = "examples=[{'x': np.arange(1.0, 6.0)}]"
    for body in ("return [impl.scaled(case['x'])]", "return {'y': impl.scaled(case['x'])}"):
        workshop = make(grader=grader(body, example))
        for _ in range(3):
            assert isinstance(workshop.outcome(scaled("return np.empty(x.shape)")), Failed)


WITHHELD = "examples=[{'x': np.array([1.0, 2.0]), '_answer': np.array([2.0, 4.0])}]"


@pytest.mark.parametrize(
    "body",
    [
        "return case['_answer']",
        "return case.get('_answer')",
        "return impl.scaled(case)",
        "return case['x'].base",
    ],
)
def test_withheld_keys_reach_no_probe(make: Make, body: str) -> None:
    workshop = make(
        reference="import numpy as np\n\n\ndef scaled(x, factor=2.0):\n    '''T.'''\n    return sorted(x)\n",
        grader=grader(body, WITHHELD),
    )
    outcome = workshop.outcome(scaled("return sorted(x) if isinstance(x, dict) else x"))
    if "get" in body or "impl" in body or "base" in body:
        assert outcome == Passed()  # the same for both: neither sees the answer
    else:
        assert isinstance(outcome, GraderError)


def test_withheld_keys_are_not_in_what_a_submission_can_reach(make: Make) -> None:
    workshop = make(grader=grader("return impl.scaled(case['x'])", WITHHELD))
    source = """\
    import sys
    from collections.abc import Mapping

    def scaled(x, factor=2.0):
        frame = sys._getframe(1)
        for value in frame.f_locals.values():
            if isinstance(value, Mapping) and "_answer" in value:
                return value["_answer"]
        return x.base
    """
    assert isinstance(workshop.outcome(source), Failed)


def test_withheld_keys_are_not_shown(make: Make) -> None:
    workshop = make(grader=grader("return impl.scaled(case['x'])", WITHHELD))
    assert list(failed(workshop.outcome(scaled("return x"))).case) == ["x"]
    raised = workshop.outcome(scaled("1 / 0"))
    assert isinstance(raised, Raised)
    assert list(raised.case) == ["x"]


# Cheats and accidents: none of them may end as a grader's error, which gives full points


NOT_PLAIN = [
    ("nothing", "pass"),
    ("an endless integer", "return 10**400"),
    ("endless integers", "return [10**400] * len(x)"),
    ("not a number", "return x * float('nan')"),
    ("an empty array", "return np.zeros(0)"),
    ("no columns", "return np.zeros((len(x), 0))"),
    ("bytes", "return np.array([b'a'] * len(x))"),
    ("an object", "return object()"),
    ("equal to everything", "return type('E', (), {'__eq__': lambda s, o: True})()"),
    (
        "a hostile number",
        "return type('F', (float,), {'__rsub__': lambda s, o: 0, '__eq__': lambda s, o: True})(1)",
    ),
    ("a lazy array", "return type('L', (), {'__array__': lambda s, *a, **k: np.zeros(1)})()"),
    ("a generator", "return (n * factor for n in x)"),
    ("itself", "a = []; a.append(a); return a"),
    ("too much", "return np.broadcast_to(1.0, (10**9,))"),
    ("a dict", "return {1: 2}"),
    ("a rejection", "from keras_kata import REJECTED; return REJECTED"),
    ("a closed output", "import sys; sys.stdout.close(); return 1"),
    ("a hostile error", "raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})()"),
    ("a hostile base error", "raise type('E', (BaseException,), {'__str__': lambda s: exit()})()"),
    ("the engine's error", "from keras_kata.errors import AuthoringError; raise AuthoringError('mine')"),
    (
        "a hostile lack",
        "import keras_kata.errors as e; raise type('E', (e.ContractError,), {'__str__': 1})()",
    ),
    ("an assertion", "assert False"),
    ("the end", "import sys; sys.exit(0)"),
    ("a stop", "raise StopIteration"),
    ("a closed generator", "raise GeneratorExit"),
    ("endless recursion", "return scaled(x)"),
    ("memory", "raise MemoryError"),
    ("a Hypothesis error", "import hypothesis; hypothesis.reject()"),
    ("a skipped test", "import pytest; pytest.skip('skip')"),
    ("a passed test", "import pytest; pytest.exit('done', 0)"),
    ("an unknown name", "return y"),
]


@pytest.mark.parametrize("body", table(NOT_PLAIN))
def test_odd_answers_lose_the_point(shared: Workshop, body: str) -> None:
    verdict = shared.judge.judge(shared.submission(scaled(body)), "doubled")
    assert isinstance(verdict.outcome, Failed | Raised | Unusable)
    assert verdict.earned == 0


@pytest.mark.parametrize(
    "agree",
    ["kk.exact()", "kk.same_set()", "kk.by_key({'y': kk.exact()})", "kk.at_least_accuracy(0.5)"],
)
@pytest.mark.parametrize("body", table(NOT_PLAIN))
def test_odd_answers_lose_the_point_by_every_rule(tmp_path_factory: Any, agree: str, body: str) -> None:
    workshop = RULED.get(agree)
    if workshop is None:
        case = "examples=[{'x': np.array([1.0, 2.0]), '_labels': np.array([2.0, 4.0])}], agree=" + agree
        answer = "y = impl.scaled(case['x'])\nreturn {'y': y} if isinstance(y, list | np.ndarray) else y"
        observe = answer if "by_key" in agree else "return impl.scaled(case['x'])"
        workshop = RULED[agree] = make_workshop(
            tmp_path_factory.mktemp("course"), grader=grader(observe, case)
        )
        assert workshop.outcome(RIGHT) == Passed()
    assert isinstance(workshop.outcome(scaled(body)), Failed | Raised | Unusable)


RULED: dict[str, Workshop] = {}


def test_a_keyboard_interrupt_ends_the_run(shared: Workshop) -> None:
    with pytest.raises(KeyboardInterrupt):
        shared.outcome(scaled("raise KeyboardInterrupt"))


def test_forbidden_calls_outweigh_wrong_answers(make: Make) -> None:
    forbids = grader("return impl.scaled(case['x'])", EXAMPLE) + "\nFORBIDDEN = {'json.loads': 'Parse it.'}\n"
    workshop = make(grader=forbids)
    body = "if x[0] == 7:\n    return getattr(json, 'lo' + 'ads')('1')\nreturn x"
    assert isinstance(workshop.outcome(scaled(body, "import json")), Forbidden)
    assert isinstance(workshop.outcome(scaled("return json.loads('1')", "import json")), Forbidden)
    assert workshop.outcome(RIGHT) == Passed()


# The grader's own faults: never the learner's


GRADER_FAULTS: list[tuple[str, dict[str, str]]] = [
    ("the reference raises", {"reference": REFERENCE.replace("x * factor", "1 / 0")}),
    ("the reference raises at a later case", {"reference": REFERENCE.replace("x * factor", "x[2]")}),
    ("the reference ends the program", {"reference": REFERENCE.replace("x * factor", "exit()")}),
    ("the reference is a stub", {"reference": STUB}),
    (
        "the reference lacks a member",
        {"reference": REFERENCE.replace("scaled", "other"), "misconceptions": ""},
    ),
    ("the reference returns no data", {"reference": REFERENCE.replace("x * factor", "{1, 2}")}),
    ("the reference changes its input", {"reference": REFERENCE.replace("return x", "x *= 3\n    return x")}),
    ("the probe raises", {"grader": grader("1 / 0")}),
    ("the probe asks for what is not there", {"grader": grader("return case['x']")}),
    ("the probe changes its case", {"grader": grader("case['y'] = 1\nreturn 1")}),
    ("the probe returns no data", {"grader": grader("return impl.scaled")}),
    ("the strategy raises", {"grader": grader("return 1", "cases=st.just({}).map(lambda c: 1 / 0)")}),
    ("the strategy is empty", {"grader": grader("return 1", "cases=st.nothing()")}),
    (
        "the strategy gives nothing",
        {"grader": grader("return 1", "cases=st.just({}).filter(lambda c: False)")},
    ),
    ("the strategy gives no dicts", {"grader": grader("return 1", "cases=st.just([1])")}),
    ("the keys are no text", {"grader": grader("return 1", "cases=st.just({1: 2})")}),
    (
        "the comparator raises",
        {"grader": grader("return 1", "examples=[{}], agree=kk.accepts(lambda r, c: 1 / 0)")},
    ),
    (
        "the comparator refuses",
        {"grader": grader("return 1", "examples=[{}], agree=kk.accepts(lambda r, c: 'no')")},
    ),
    (
        "labels are missing",
        {"grader": grader("return [1]", "examples=[{}], agree=kk.at_least_accuracy(0.5)")},
    ),
    (
        "the reference is not accurate",
        {"grader": grader("return [1]", "examples=[{'_labels': [0]}], agree=kk.at_least_accuracy(0.5)")},
    ),
    (
        "the reference gives no dict",
        {"grader": grader("return [1]", "examples=[{}], agree=kk.by_key({'a': kk.exact()})")},
    ),
    ("the reference gives no set", {"grader": grader("return 1", "examples=[{}], agree=kk.same_set()")}),
]


@pytest.mark.parametrize(
    "source", [RIGHT, scaled("return x"), STUB, "def scaled(:"], ids=["right", "wrong", "stub", "broken"]
)
@pytest.mark.parametrize("files", table(GRADER_FAULTS))
def test_a_fault_of_the_graders_costs_nobody_a_point(make: Make, files: dict[str, str], source: str) -> None:
    workshop = make(**files)
    name = next(iter(workshop.judge.probes))
    verdict = workshop.judge.judge(workshop.submission(source), name)
    assert isinstance(verdict.outcome, GraderError)
    assert verdict.earned == verdict.points
    assert verdict.outcome.reason
    with pytest.raises(AuthoringError):
        workshop.judge.notices(workshop.submission(source))


def test_a_comparator_that_raises_for_a_wrong_answer_is_the_graders_fault(make: Make) -> None:
    check = "def check(received, case):\n    return None if received[0] == 3 else 1 / 0\n"
    workshop = make(
        grader=grader(
            "return impl.scaled(case['x'])", EXAMPLE.split(", {'x'")[0] + "], agree=kk.accepts(check)", check
        )
    )
    assert workshop.outcome(RIGHT) == Passed()
    outcome = workshop.outcome(scaled("return x"))
    assert isinstance(outcome, GraderError)
    assert "ZeroDivisionError" in outcome.reason
    assert "check(received, case)" in outcome.detail or "check" in outcome.detail


def test_a_mistake_that_breaks_the_engine_is_the_graders_fault(make: Make) -> None:
    workshop = make()
    del workshop.judge.solution._code
    outcome = workshop.outcome(scaled("return x * 5"))
    assert isinstance(outcome, GraderError)
    assert "AttributeError" in outcome.reason


@pytest.mark.parametrize(
    "files",
    [
        {"reference": "def f(:"},
        {"reference": "1 / 0"},
        {"misconceptions": "def f(:"},
        {"misconceptions": "1 / 0"},
        {"grader": "def f(:"},
        {"grader": "1 / 0"},
        {"grader": "points = 1"},
        {"grader": grader("return 1").replace("points=1", "points=0.1")},
        {"grader": grader("return 1") + "\nFORBIDDEN = {'builtins.int': 'x'}\n"},
        {"grader": grader("return 1") + "\nFORBIDDEN = {'numpy.ndarray.sum': 'x'}\n"},
    ],
    ids=[
        "reference", "reference raises", "mistakes", "mistakes raise", "grader", "grader raises", "no probe",
        "points", "what can't be guarded", "a method that can't be guarded",
    ],
)  # fmt: skip
def test_wrong_declarations_are_told_before_anything_is_judged(make: Make, files: dict[str, str]) -> None:
    with pytest.raises(AuthoringError):
        make(**files).judge  # noqa: B018 - making it is the test


# Diagnosis


def mistakes(**bodies: str) -> str:
    """A misconceptions file: names, and the bodies of `scaled`."""
    functions = [
        scaled(f"'You {name}.'\n{body}", "@instead_of('scaled')").replace("def scaled", f"def {name}")
        for name, body in bodies.items()
    ]
    return "import numpy as np\nfrom keras_kata import instead_of\n\n" + "\n\n".join(functions)


def named(outcome: Outcome) -> str | None:
    assert isinstance(outcome, Failed | Raised), outcome
    return outcome.mistake.name if outcome.mistake else None


def test_every_mistake_is_named_as_itself(shared: Workshop) -> None:
    for name, stand_in in shared.judge.solution.misconceptions().items():
        assert named(shared.judge.judge(shared.judge.stand_in(stand_in), "doubled").outcome) == name


def test_the_same_mistake_in_other_words_is_named(shared: Workshop) -> None:
    outcome = failed(shared.outcome(scaled("return [3 * n for n in x]")))
    assert outcome.mistake is not None
    assert outcome.mistake.name == "tripled"
    assert outcome.mistake.text == "You multiply by one more than the factor."


def test_another_mistake_is_not_named(shared: Workshop) -> None:
    assert named(shared.outcome(scaled("return x * 5"))) is None


def test_two_mistakes_that_fit_are_not_guessed_between(make: Make) -> None:
    workshop = make(misconceptions=mistakes(tripled="return x * 3", thrice="return x + x + x"))
    assert named(workshop.outcome(scaled("return x * 3"))) is None


def test_a_mistake_that_fits_some_failing_cases_is_not_named(make: Make) -> None:
    workshop = make(misconceptions=mistakes(tripled="return x * 3"))
    assert named(workshop.outcome(scaled("return x * 3 if len(x) == 1 else x * 4"))) is None


def test_a_mistake_that_contradicts_a_passing_case_is_not_named(make: Make) -> None:
    workshop = make(misconceptions=mistakes(tripled="return x * 3"))
    assert named(workshop.outcome(scaled("return x * 3 if len(x) < 3 else x * 2"))) is None


TWO_PROBES = (
    grader("return impl.scaled(case['x'])", "examples=[{'x': np.array([1.0])}, {'x': np.array([2.0])}]")
    + """
@kk.probe(points=1, hints=('h',), examples=[{'x': np.array([5.0, 6.0])}])
def other(impl, case):
    'Observed too.'
    return impl.MEMBER(case['x'])
"""
)


def test_a_mistake_that_contradicts_another_probe_that_passes_is_not_named(make: Make) -> None:
    workshop = make(
        misconceptions=mistakes(tripled="return x * 3"), grader=TWO_PROBES.replace("MEMBER", "scaled")
    )
    partly = scaled("return x * 3 if len(x) == 1 else x * 2")
    assert named(workshop.outcome(partly, "probe")) is None
    assert workshop.outcome(partly, "other") == Passed()
    assert named(workshop.outcome(partly, "probe")) is None
    assert named(workshop.outcome(scaled("return x * 3"), "probe")) == "tripled"
    assert named(workshop.outcome(scaled("return x * 3"), "other")) == "tripled"
    fails_otherwise = scaled("return x * 3 if len(x) == 1 else x * 4")
    assert named(workshop.outcome(fails_otherwise, "probe")) == "tripled"


def test_a_probe_that_is_passed_by_chance_speaks_against_no_mistake(make: Make) -> None:
    lucky = TWO_PROBES.replace("MEMBER", "scaled").replace(
        "hints=('h',), examples=[{'x': np.array([5",
        "by_chance=True, hints=('h',), examples=[{'x': np.array([5",
    )
    workshop = make(misconceptions=mistakes(tripled="return x * 3"), grader=lucky)
    partly = scaled("return x * 3 if len(x) == 1 else x * 2")
    assert workshop.outcome(partly, "other") == Passed()
    assert named(workshop.outcome(partly, "probe")) == "tripled"


def test_no_case_is_run_twice_to_rule_a_mistake_out_and_all_are_when_judged_again(
    make: Make, tmp_path: Path
) -> None:
    workshop = make(
        misconceptions=mistakes(tripled="return x * 3"), grader=TWO_PROBES.replace("MEMBER", "scaled")
    )
    calls = tmp_path / "calls"
    submission = workshop.submission(
        scaled(f"with open({str(calls)!r}, 'a') as log:\n    log.write('.')\nreturn x * 3")
    )
    for times in (1, 2):
        verdicts = workshop.judge.judge_all(submission)
        assert [named(verdict.outcome) for verdict in verdicts] == ["tripled", "tripled"]
        assert len(calls.read_text()) == 3 * times


def test_an_error_names_a_mistake_only_where_all_else_that_fails_agrees(make: Make) -> None:
    workshop = make(
        misconceptions=mistakes(flat="return x[1] * 2 if len(x) == 1 else x * 3"),
        grader=TWO_PROBES.replace("MEMBER", "scaled"),
    )
    same = scaled("return [x[n + 1] * 2 for n in range(1)] if len(x) == 1 else 3 * x")
    other = scaled("return [x[n + 1] * 2 for n in range(1)] if len(x) == 1 else 4 * x")
    assert named(workshop.outcome(same, "probe")) == "flat"
    assert named(workshop.outcome(other, "probe")) is None


def test_a_probe_of_another_member_speaks_against_no_mistake(make: Make) -> None:
    halved = "\n\ndef halved(x):\n    return scaled(x) / 4\n"
    workshop = make(
        reference=REFERENCE + halved,
        misconceptions=mistakes(tripled="return x * 3"),
        grader=TWO_PROBES.replace("MEMBER", "halved"),
    )
    source = scaled("return x * 3") + "\n\ndef halved(x):\n    return x / 2\n"
    assert workshop.outcome(source, "other") == Passed()
    assert named(workshop.outcome(source, "probe")) == "tripled"


def test_a_mistake_is_named_by_its_error(make: Make) -> None:
    workshop = make(misconceptions=mistakes(too_far="return x[10] * 2", by_zero="return x / 'a'"))
    assert named(workshop.outcome(scaled("return [x[n + 10] for n in range(len(x))]"))) == "too_far"
    assert named(workshop.outcome(scaled("raise IndexError('of my own')"))) is None
    assert named(workshop.outcome(scaled("return x.no_such_thing"))) is None


def test_a_mistake_of_changing_the_input_is_named(make: Make) -> None:
    workshop = make(misconceptions=mistakes(in_place="x *= factor\nreturn x", tripled="return x * 3"))
    assert named(workshop.outcome(scaled("x[:] = 2 * x\nreturn x"))) == "in_place"


def test_an_endless_mistake_is_given_up(make: Make) -> None:
    endless = mistakes(endless="while True: pass", tripled="return x * 3")
    workshop = make(misconceptions=endless, limits=QUICK)
    assert named(workshop.outcome(scaled("return x * 3"))) == "tripled"


def test_a_right_answer_has_no_mistake_even_where_one_is_listed(make: Make) -> None:
    workshop = make(misconceptions=mistakes(right="return x * factor"))
    assert workshop.outcome(RIGHT) == Passed()


# Steadiness


ANSWERS = [
    RIGHT,
    scaled("return x * 3"),
    scaled("return x * factor + (np.abs(x) > 2)"),
    scaled("return x[1]"),
]


def told(verdict: Verdict) -> str:
    return repr(verdict.outcome)


def test_the_verdict_is_the_same_twice_and_in_any_order(make: Make) -> None:
    workshop = make()
    submissions = [workshop.submission(source) for source in ANSWERS]
    first = [told(workshop.judge.judge(submission, "doubled")) for submission in submissions]
    again = [told(workshop.judge.judge(submission, "doubled")) for submission in reversed(submissions)]
    assert first == again[::-1]
    other = Judge(workshop.course, workshop.exercise)
    assert [told(other.judge(submission, "doubled")) for submission in submissions] == first


JUDGING = """
    import sys
    from pathlib import Path
    from keras_kata.course import Course
    from keras_kata.judge import Judge

    course = Course(Path(sys.argv[1]))
    judge = Judge(course, course["scaled"])
    for path in sys.argv[2:]:
        print(repr(judge.judge(judge.load(Path(path)), "doubled").outcome))
"""


def test_the_verdict_is_the_same_in_another_process(make: Make, tmp_path: Path) -> None:
    workshop = make()
    paths = [workshop.write(f"same/{n}/module1/scaled.py", source) for n, source in enumerate(ANSWERS)]
    script = workshop.write("judging.py", JUDGING)
    run = subprocess.run(
        [sys.executable, script, tmp_path, *paths], capture_output=True, text=True, timeout=60, check=True
    )
    here = [told(workshop.judge.judge(workshop.judge.load(path), "doubled")) for path in paths]
    assert run.stdout.splitlines() == [line for text in here for line in text.splitlines()]


def test_an_answer_by_chance_is_judged_all_the_same(shared: Workshop) -> None:
    body = "return x * factor + (np.random.rand() > 0.5)"
    first = told(shared.judge.judge(shared.submission(scaled(body)), "doubled"))
    assert told(shared.judge.judge(shared.submission(scaled(body)), "doubled")) == first
    outcome = shared.outcome(
        scaled("return x * factor + rng.random()", "import numpy as np\nrng = np.random.default_rng()")
    )
    assert isinstance(outcome, Failed)


# Time


def test_an_endless_loop_is_timed_out(make: Make) -> None:
    workshop = make(limits=QUICK)
    started = perf_counter()
    outcome = workshop.outcome(scaled("while True: pass"))
    assert isinstance(outcome, TimedOut)
    assert perf_counter() - started < 10
    assert 0.1 <= outcome.limit < 5


def test_a_limit_is_in_proportion_to_the_reference(make: Make) -> None:
    slow = "import time\n\n\ndef scaled(x, factor=2.0):\n    time.sleep(0.02)\n    return x * factor\n"
    workshop = make(
        reference=slow,
        grader=grader("return impl.scaled(case['x'])", EXAMPLE),
        limits=Limits(case_floor=0.01, probe_floor=0.01, factor=20.0),
    )
    assert workshop.outcome(slow.replace("0.02", "0.1")) == Passed()
    outcome = workshop.outcome(slow.replace("0.02", "30"))
    assert isinstance(outcome, TimedOut)
    assert 0.41 <= outcome.limit < 5


def test_many_slow_cases_are_timed_out_together(make: Make) -> None:
    workshop = make(limits=Limits(case_floor=5, probe_floor=0.1, factor=0.0))
    source = scaled("time.sleep(0.03)\nreturn x * factor", "import time")
    outcome = workshop.outcome(source)
    assert isinstance(outcome, TimedOut)
    assert outcome.limit <= 0.1


def test_a_wrong_answer_tells_more_than_a_loop_at_another_case(make: Make) -> None:
    workshop = make(limits=QUICK)
    outcome = workshop.outcome(scaled("if len(x) > 2:\n    while True: pass\nreturn x + 100"))
    assert isinstance(outcome, Failed)


def test_looking_for_a_smaller_case_ends_in_time(make: Make) -> None:
    """Of 320 calls each would take a tenth of a second."""
    workshop = make(
        grader=grader("return impl.scaled(case['x'])", LARGE),
        limits=Limits(case_floor=5, probe_floor=1, factor=0),
    )
    body = "calls.append(1)\nif len(calls) > 40:\n    time.sleep(0.1)\nreturn x * factor + (x.sum() > 501)"
    submission = workshop.submission(scaled(body, "import time\ncalls = []"))
    assert isinstance(workshop.judge.judge(submission, "probe").outcome, Failed)
    assert submission.implementation is not None
    assert 40 < len(submission.implementation.calls) <= 40 + 11


# What is printed


def test_what_is_shown_as_printed_belongs_to_the_case_shown(shared: Workshop) -> None:
    outcome = failed(shared.outcome(scaled("print('x is', x.tolist())\nreturn x * factor + (np.abs(x) > 2)")))
    assert len(outcome.case["x"]) == 1
    assert outcome.printed == f"x is {outcome.case['x'].tolist()}\n"


def test_what_is_printed_before_an_error_is_shown(shared: Workshop) -> None:
    outcome = shared.outcome(scaled("print('before')\n1 / 0"))
    assert isinstance(outcome, Raised)
    assert outcome.printed == "before\n"


def test_nothing_is_printed_meanwhile(shared: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    shared.outcome(scaled("print('x')\nreturn x"))
    assert capsys.readouterr() == ("", "")


def test_output_goes_through_where_it_is_asked_for(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    workshop = make(echo=True)
    outcome = failed(workshop.outcome(scaled("print('printed')\nreturn x")))
    assert "printed" in capsys.readouterr().out
    assert outcome.printed == ""


# What is compared


def test_a_rejection_is_compared(make: Make) -> None:
    reference = scaled("if len(x) > 1:\n    raise ValueError('long')\nreturn x * factor")
    body = "try:\n    return impl.scaled(case['x'])\nexcept ValueError:\n    return kk.REJECTED"
    workshop = make(
        reference=reference, grader=grader(body, "examples=[{'x': np.ones(1)}, {'x': np.ones(2)}]")
    )
    assert workshop.outcome(reference) == Passed()
    lenient = failed(workshop.outcome(RIGHT))
    assert lenient.difference.reason == "these arguments must be rejected"
    strict = failed(workshop.outcome(scaled("raise ValueError")))
    assert strict.difference.reason == "these arguments are allowed"
    assert isinstance(workshop.outcome(scaled("raise KeyError")), Raised)


def test_accuracy_needs_no_likeness_to_the_reference(make: Make) -> None:
    options = (
        "examples=[{'x': np.arange(4.0), '_labels': np.arange(4) % 2}], agree=kk.at_least_accuracy(0.75)"
    )
    reference = REFERENCE.replace("x * factor", "x % 2")
    workshop = make(reference=reference, grader=grader("return impl.scaled(case['x'])", options))
    assert workshop.outcome(scaled("return [0, 1, 0, 0]")) == Passed()
    outcome = failed(workshop.outcome(scaled("return [0, 1, 1, 0]")))
    assert not outcome.has_expected
    assert outcome.expected is None
    assert "0.500" in outcome.difference.reason


def test_a_check_of_the_authors_judges_alone(make: Make) -> None:
    options = "examples=[{'x': np.ones(2), '_most': 3}], agree=kk.accepts(check)"
    head = (
        "def check(received, case):\n    return None if np.sum(received) <= case['_most'] else 'too much'\n"
    )
    workshop = make(
        reference=REFERENCE.replace("x * factor", "x"),
        grader=grader("return impl.scaled(case['x'])", options, head),
    )
    assert workshop.outcome(scaled("return x * 0")) == Passed()
    outcome = failed(workshop.outcome(RIGHT))
    assert outcome.difference.reason == "too much"
    assert not outcome.has_expected


def test_mutants_of_the_reference_are_judged(shared: Workshop) -> None:
    mutant = shared.judge.mutant(REFERENCE.replace("x * factor", "x + factor"))
    assert mutant.implementation is not None
    assert "x + factor" in inspect.getsource(mutant.implementation.scaled)
    assert shared.judge.notices(mutant)
    same = shared.judge.mutant(REFERENCE.replace("x * factor", "factor * x"))
    assert not shared.judge.notices(same)
    with pytest.raises(AuthoringError, match="can't be loaded"):
        shared.judge.mutant("1 / 0")


def test_a_listed_mistake_is_known_when_it_is_judged(shared: Workshop) -> None:
    judge = shared.judge
    mistake = judge.known.mistakes["tripled"]
    assert judge.stand_in(mistake).mistake is mistake
    [alternative] = judge.solution.alternatives().values()
    assert judge.stand_in(alternative).mistake is None
    again = judge.solution.misconceptions()["tripled"]
    assert judge.stand_in(again).mistake is None


def test_another_seed_gives_other_cases_and_the_same_verdicts(make: Make) -> None:
    judge = make().judge
    other = judge.reseeded(5)

    def cases(of: Judge) -> list[Any]:
        trial = of.known.trial(of.probes["doubled"])
        assert not isinstance(trial, GraderError)
        return [case["x"].tolist() for case in trial.cases]

    assert cases(other) != cases(judge)
    assert cases(other) == cases(make(seed=5).judge)
    for name, mistake in judge.known.mistakes.items():
        assert named(other.judge(other.stand_in(mistake), "doubled").outcome) == name
        assert named(judge.judge(judge.stand_in(mistake), "doubled").outcome) == name


def test_the_environment_of_the_course_is_set(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KATA_TEST_VARIABLE", raising=False)
    course = '[environment]\nKATA_TEST_VARIABLE = "set"\n'
    make(course=course).judge  # noqa: B018 - making it is the test
    import os

    assert os.environ["KATA_TEST_VARIABLE"] == "set"
    monkeypatch.delenv("KATA_TEST_VARIABLE")


def test_arrays_in_messages_are_the_submissions_own(shared: Workshop) -> None:
    outcome = failed(shared.outcome(scaled("return x")))
    assert isinstance(outcome.received, np.ndarray)
    assert type(outcome.received) is np.ndarray
    assert MISCONCEPTIONS  # the text of `support`, whose mistake this is
    assert named(outcome) == "not_scaled"
