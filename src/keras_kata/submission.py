"""Loading a file that is not trusted: whatever is wrong with it becomes an outcome, never an exception."""

import ast
import contextlib
import importlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_kata.errors import ForbiddenUse, ImplementationError, TimeLimit
from keras_kata.forbidden import find_uses, tripwires
from keras_kata.implementation import Contract, Implementation, load_module, read_source
from keras_kata.limits import time_limit
from keras_kata.runtime import Runtime
from keras_kata.verdicts import Forbidden, NotAttempted, Outcome, Unusable
from keras_kata.worker import error_text, own_frames

__all__ = ["Loader", "Submission"]

LOADING_LIMIT = 60.0


@dataclass(frozen=True)
class Submission:
    """An implementation under judgement, or the outcome that it has at every probe."""

    implementation: Implementation | None
    problem: Outcome | None = None


@dataclass(frozen=True)
class Loader:
    """Loads submissions of one exercise.

    Attributes:
        name: the exercise's name, under which the module runs.
        contract: what the exercise asks for.
        forbidden: dotted names of APIs that the exercise asks to build, with what to do instead.
        runtime: what the course says about its framework.
    """

    name: str
    contract: Contract
    forbidden: Mapping[str, str]
    runtime: Runtime

    def load(self, path: Path) -> Submission:
        """Load a file."""
        try:
            return self.load_source(read_source(path), str(path))
        except ImplementationError as error:
            return Submission(None, Unusable(str(error)))

    def load_source(self, source: str, filename: str) -> Submission:
        """Load code, which runs it once, for at most 60 seconds."""
        try:
            with warnings.catch_warnings(), time_limit(LOADING_LIMIT):
                warnings.simplefilter("ignore")  # an invalid escape in a docstring is no concern here
                tree = ast.parse(source, filename)
                code = compile(source, filename, "exec", dont_inherit=True)
                uses = find_uses(tree, self.forbidden, self.runtime.synonyms, self.contract.signatures)
        except SyntaxError as error:
            return Submission(None, _syntax_problem(error))
        except (ValueError, RecursionError, MemoryError, ImplementationError, TimeLimit) as error:
            return Submission(None, Unusable(f"Python can't read the file: {error_text(error)}"))
        if uses:
            return Submission(None, Forbidden(tuple((use.name, use.line, use.advice) for use in uses)))
        try:
            with (
                warnings.catch_warnings(),
                np.errstate(),  # so that a `np.seterr` in the file ends with it
                self.runtime.isolated(None),
                tripwires(self.forbidden, filename, self.runtime.synonyms),
                time_limit(LOADING_LIMIT),
            ):
                warnings.simplefilter("ignore")
                _import_ahead(tree)
                module = load_module(code, self.name, source)
                registered = self.runtime.registrations()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a submission may raise anything while it loads
            return Submission(None, _loading_problem(error, filename))
        return Submission(Implementation(module, filename, self.contract, registered))


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


def _syntax_problem(error: SyntaxError) -> Unusable:
    line = (error.text or "").rstrip()
    frames = ((error.lineno or 0, "", line.strip()),) if error.lineno else ()
    kind = {"IndentationError": "wrong indentation", "TabError": "tabs and spaces are mixed"}
    return Unusable(f"{kind.get(type(error).__name__, 'syntax error')}: {error.msg}", frames)


def _loading_problem(error: BaseException, filename: str) -> Outcome:
    frames = own_frames(error.__traceback__, filename)[-8:]
    match error:
        case TimeLimit():
            advice = "Is there a loop outside the functions?"
            return Unusable(f"running the file took over {LOADING_LIMIT:.0f} s. {advice}", frames)
        case ForbiddenUse():
            return Unusable(str(error), frames)
        case NotImplementedError():
            return NotAttempted()
        case ModuleNotFoundError():
            advice = "Is the name misspelt? Use the packages that the exercise imports."
            return Unusable(f"the file imports `{error.name}`, which is not installed. {advice}", frames)
        case SystemExit():
            return Unusable("the file ends the program when it is run (sys.exit, exit or quit)", frames)
        case _:
            return Unusable(f"the file raises an error when it is run: {error_text(error)}", frames)
