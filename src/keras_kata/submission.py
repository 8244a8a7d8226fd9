"""Loading a file that is not trusted: whatever is wrong with it becomes an outcome, never an exception."""

import ast
import contextlib
import importlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from keras_kata.errors import ImplementationError, TimeLimit
from keras_kata.failures import error_text, read_failure
from keras_kata.forbidden import find_uses
from keras_kata.implementation import Contract, Implementation, StandIn, load_module, read_bytes, read_source
from keras_kata.limits import time_limit
from keras_kata.notebook_source import MOST_BYTES, read_notebook
from keras_kata.runtime import Runtime
from keras_kata.verdicts import NotAttempted, Outcome, Unusable
from keras_kata.worker import Elsewhere, Reply, forbidden, surroundings

__all__ = ["Loader", "Submission", "too_slow"]

_LOADING_LIMIT = 60.0


@dataclass(frozen=True)
class Submission:
    """An implementation under judgement, or the outcome that it has at every probe.

    Attributes:
        implementation: loaded in this process, or in another one.
        mistake: the known mistake that it is, in an audit.
        replies: what it was seen to reply, by probe and case, where it is trusted to reply so always.
        remarks: what its writer should know of the file, a sentence each.
    """

    implementation: Implementation | Elsewhere | None
    problem: Outcome | None = None
    mistake: StandIn | None = None
    replies: dict[tuple[str, bytes], Reply] | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loader:
    """Loads submissions of one exercise.

    Attributes:
        name: the exercise's name, under which the module runs.
        contract: what the exercise asks for.
        forbidden: dotted names of APIs that the exercise asks to build, with what to do instead.
        runtime: what the course says about its framework.
        limit: wall-clock seconds that running a file may take.
    """

    name: str
    contract: Contract
    forbidden: Mapping[str, str]
    runtime: Runtime
    limit: float = _LOADING_LIMIT

    def load(self, path: Path) -> Submission:
        """Load a Python file, or a notebook."""
        try:
            if path.suffix == ".ipynb":
                found = read_notebook(read_bytes(path, MOST_BYTES), self.name, self.contract.signatures)
                return replace(self.load_source(found.text, str(path)), remarks=found.remarks)
            return self.load_source(read_source(path), str(path))
        except ImplementationError as error:
            return Submission(None, Unusable(str(error)))

    def load_source(self, source: str, filename: str) -> Submission:
        """Load code, which runs it once."""
        try:
            with warnings.catch_warnings(), time_limit(self.limit):
                warnings.simplefilter("ignore")  # an invalid escape in a docstring is no concern here
                tree = ast.parse(source, filename)
                code = compile(source, filename, "exec", dont_inherit=True)
                uses = find_uses(tree, self.forbidden, self.runtime.synonyms, self.contract.signatures)
        except SyntaxError as error:
            return Submission(None, _syntax_problem(error, source))
        except (ValueError, RecursionError, MemoryError, ImplementationError, TimeLimit) as error:
            return Submission(None, Unusable(f"Python can't read the file: {error_text(error)}"))
        if uses:
            return Submission(None, forbidden(uses))
        try:
            with (
                surroundings(self.runtime, None, self.forbidden, filename) as uses,
                time_limit(self.limit),
            ):
                _import_ahead(tree)
                module = load_module(code, self.name, source)
                registered = self.runtime.registrations()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a submission may raise anything while it loads
            if not uses:
                return Submission(None, _loading_problem(error, filename, self.limit))
        if uses:  # also where the code swallowed the exception
            return Submission(None, forbidden(uses))
        return Submission(Implementation(module, filename, self.contract, registered))


def too_slow(limit: float) -> str:
    """What is wrong with a file that runs for longer than `limit` seconds."""
    return f"running the file took over {limit:.0f} s. Is there a loop outside the functions?"


def _import_ahead(tree: ast.Module) -> None:
    """Import what functions import when they are called: a framework takes longer than a call may."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            with contextlib.suppress(Exception):  # the import statement itself will say what is wrong
                importlib.import_module(name)


def _syntax_problem(error: SyntaxError, source: str) -> Unusable:
    number = error.lineno or 0
    line = "".join(source.split("\n")[number - 1 : number]) if number else ""
    frames = ((number, "", line.strip()),) if number else ()
    kind = {"IndentationError": "wrong indentation", "TabError": "tabs and spaces are mixed"}
    return Unusable(f"{kind.get(type(error).__name__, 'syntax error')}: {error.msg}", frames)


def _loading_problem(error: BaseException, filename: str, limit: float) -> Outcome:
    failure = read_failure(error, filename)
    if failure.in_debugger:
        raise KeyboardInterrupt from error
    if failure.is_stub:
        return NotAttempted()
    kind = type(error)
    if issubclass(kind, TimeLimit):
        problem = too_slow(limit)
    elif isinstance(error, ModuleNotFoundError) and kind is ModuleNotFoundError and error.name:
        advice = "Is the name misspelt? Use the packages that the exercise imports."
        problem = f"the file imports `{error.name}`, which is not installed. {advice}"
    elif issubclass(kind, SystemExit):
        problem = "the file ends the program when it is run (sys.exit, exit or quit)"
    else:
        problem = f"the file raises an error when it is run: {failure.text}"
    return Unusable(problem, failure.frames)
