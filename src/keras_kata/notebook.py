"""What a notebook's cells call: judging what is defined in the notebook now.

    from keras_kata.notebook import check
    check("module6/bellman_update::target")

The value of a call is the points earned, which nbgrader takes for the score of a graded cell. What is to be read
is shown beside it, as HTML, or as text where there is no HTML.
"""

import ast
import contextlib
import linecache
import os
import sys
import types
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from keras_kata.course import Course, Exercise
from keras_kata.errors import CourseError, ImplementationError, KataError
from keras_kata.failures import is_of
from keras_kata.forbidden import find_uses
from keras_kata.html import mime_bundle
from keras_kata.implementation import Contract, Implementation
from keras_kata.judge import PUBLIC_SEED, Judge
from keras_kata.outline import outline
from keras_kata.submission import Submission
from keras_kata.verdicts import Forbidden, Unusable, Verdict

__all__ = ["check", "start"]

_AGAIN = "this cell, after the cells that you have changed"
_judges: dict[tuple[Path, str, int], Judge] = {}


def start() -> None:
    """Set the course's environment variables; to be called before anything imports Keras.

    Raises:
        CourseError: the notebook is in no course.
    """
    Course.find(Path.cwd()).set_environment()


def check(what: str, seed: int | None = None) -> float | None:
    """Judge what the notebook defines now, and show what there is to say.

    Under nbgrader's autograder neither cases nor expected values are shown.

    Args:
        what: an exercise's probe, `module6/bellman_update::target`, or an exercise, for all its probes.
        seed: draw the cases from it, where the course's solutions are in a folder above (a hidden test). Else
            the recorded cases beside the notebook are used.

    Returns:
        The points that the probe earned; None for a whole exercise.

    Raises:
        KataError: there is no such exercise or probe here, or it can't be judged.
    """
    slug, _, name = what.partition("::")
    course = Course.find(Path.cwd())
    exercise = course[slug]
    is_graded = os.environ.get("NBGRADER_EXECUTION") == "autograde"
    if not name and is_graded:
        return None  # a cell for trying things out; the graded cells follow
    with _quiet():
        judge = _judge(course, exercise, seed)
        if name and name not in judge.probes:
            raise CourseError(f"{exercise.slug} has no probe {name!r}. It has: {', '.join(judge.probes)}.")
        submission = _submission(judge)
        verdicts = [judge.judge(submission, probe) for probe in ([name] if name else judge.probes)]
        probes = {probe.name: probe for probe in outline(exercise)}
        shown = [mime_bundle(one, probes[one.probe], _AGAIN, is_graded=is_graded) for one in verdicts]
    _display(shown, verdicts)
    return float(verdicts[0].earned) if name else None


def _judge(course: Course, exercise: Exercise, seed: int | None) -> Judge:
    """The judge of an exercise, made once in the life of a kernel."""
    if seed is not None:
        above = _with_solution(exercise)
        exercise, seed = (above, seed) if above is not None else (exercise, None)
    used = PUBLIC_SEED if seed is None else seed
    key = (exercise.root, exercise.slug, used)
    if key not in _judges:
        owner = course if exercise.root == course.root else Course(exercise.root)
        _judges[key] = Judge(owner, exercise, used)
    return _judges[key]


def _with_solution(exercise: Exercise) -> Exercise | None:
    """The exercise in the nearest course above that has its solution."""
    for folder in (exercise.root, *exercise.root.parents):
        if (folder / "course.toml").is_file() and (folder / "solutions" / exercise.slug).is_dir():
            with contextlib.suppress(CourseError):
                return Course(folder)[exercise.slug]
    return None


# The notebook as an implementation.


class _Notebook(Implementation):
    """What the notebook's cells have defined."""

    def __init__(self, namespace: types.ModuleType, folder: str, contract: Contract, registered: Any) -> None:
        super().__init__(namespace, folder, contract, registered)
        self._namespace = namespace

    @contextmanager
    def running(self) -> Iterator[None]:
        """While its code runs, `__main__` is listed empty, and says which cells the code is from.

        Keras would find a class there that its writer forgot to register, and the file that is handed in has none.
        """
        names = vars(self._namespace)
        before = names.get("__file__")
        names["__file__"] = self.filename
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            with super().running():
                yield
        finally:
            sys.modules["__main__"] = self._namespace
            names.pop("__file__", None)
            if before is not None:
                names["__file__"] = before

    def _missing(self, name: str) -> str:
        near = self._nearest(name)
        advice = f"There is `{near}`: is the name misspelt?" if near else "Run the cell that defines it."
        return f"the notebook has no `{name}` yet. {advice}"


def _submission(judge: Judge) -> Submission:
    namespace, folder = _kernel()
    contract = judge.loader.contract
    cells = {name: text for name, text in _cells(folder) if text}
    try:
        uses = _forbidden_uses(judge, namespace, cells)
    except ImplementationError as error:
        return Submission(None, Unusable(str(error)))
    if uses is not None:
        return Submission(None, uses)
    return Submission(_Notebook(namespace, folder, contract, judge.runtime.registrations()))


def _kernel() -> tuple[types.ModuleType, str]:
    """The module of the notebook's names, and the folder in which its cells are compiled."""
    try:
        from IPython.core.getipython import get_ipython
    except ModuleNotFoundError:
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        raise KataError("check works in a notebook. To judge a file, run pytest.")
    name = shell.compile.get_code_name("", "", 0)
    return shell.user_module, os.path.dirname(name) or name


def _cells(folder: str) -> Iterator[tuple[str, str]]:
    """The cells that were run, by the name that each was compiled as, the oldest first."""
    for name, entry in list(linecache.cache.items()):
        if is_of(name, folder) and len(entry) == 4:
            yield name, "".join(entry[2])


def _forbidden_uses(judge: Judge, namespace: types.ModuleType, cells: dict[str, str]) -> Forbidden | None:
    """What is forbidden in the cells that define what there is now; of other cells only their imports count."""
    current = {_cell_of(value) for value in list(vars(namespace).values())}
    body: list[ast.stmt] = []
    for name, text in cells.items():
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            statements = ast.parse(text).body
            body += [
                node
                for node in statements
                if name in current or isinstance(node, ast.Import | ast.ImportFrom)
            ]
    tree = ast.Module(body, [])
    uses = find_uses(tree, judge.loader.forbidden, judge.runtime.synonyms, judge.loader.contract.signatures)
    lines = {use: _line_of(use.line, use.name, cells, current) for use in uses}
    told = [(use.name, None, f"{lines[use]}{use.advice}") for use in uses]
    return Forbidden(tuple(told)) if told else None


def _cell_of(value: Any) -> str:
    """The cell that a function or class of the notebook's own was defined in; empty for all else."""
    functions = vars(value).values() if isinstance(value, type) else (value,)
    for function in functions:
        if isinstance(function, types.FunctionType):
            return function.__code__.co_filename
    return ""


def _line_of(line: int, name: str, cells: dict[str, str], current: Collection[str]) -> str:
    """Which line it is: its number says little where there are many cells."""
    last = name.rpartition(".")[2]
    for cell, text in cells.items():
        source = text.splitlines()[line - 1 : line]
        if cell in current and source and last in source[0]:
            return f"It is in line {line} of its cell, `{source[0].strip()[:80]}`. "
    return f"It is in line {line} of its cell. "


# What is shown.


def _display(shown: Sequence[dict[str, str]], verdicts: Sequence[Verdict]) -> None:
    import IPython.display

    display: Any = IPython.display.display  # which has no types
    pages, texts = [one["text/html"] for one in shown], [one["text/plain"] for one in shown]
    if len(verdicts) > 1:
        earned, worth = sum(v.earned for v in verdicts), sum(v.points for v in verdicts)
        total = f"{earned:g} of {worth:g} points"
        pages, texts = [*pages, f"<p><strong>{total}</strong></p>"], [*texts, total]
    display({"text/html": "\n".join(pages), "text/plain": "\n\n".join(texts)}, raw=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep stderr out of the cell: nbgrader gives no point to a cell that has a line there.

    TensorFlow writes to the descriptor, log handlers to the stream that they found when they were made.
    """
    stream = sys.stderr
    with contextlib.suppress(Exception):
        stream.flush()
    with contextlib.ExitStack() as undo:
        with contextlib.suppress(OSError, ValueError):
            kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
            undo.callback(os.close, kept)
            undo.callback(os.dup2, kept, 2)
            os.dup2(nowhere, 2)
            os.close(nowhere)
        with contextlib.suppress(AttributeError, TypeError):
            own = vars(stream).get("write")  # IPython puts one of its own there to record what is written
            stream.write = len  # type: ignore[method-assign]
            undo.callback(_set_back, stream, own)
        with open(os.devnull, "w", encoding="utf-8") as away:
            undo.enter_context(contextlib.redirect_stderr(away))
            yield
            undo.close()


def _set_back(stream: Any, write: Any) -> None:
    if write is None:
        del stream.write
    else:
        stream.write = write
