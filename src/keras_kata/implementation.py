"""Loading an implementation of an exercise: a learner's file, the reference, a known mistake.

An implementation is a set of members (functions and classes) under names. A probe takes them from it as
attributes; a member that is missing, or can't be called as the exercise says, is an error that says so.
"""

import ast
import difflib
import importlib.util
import inspect
import linecache
import sys
import tokenize
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from keras_kata.errors import AuthoringError, ContractError, ImplementationError

__all__ = [
    "Contract",
    "Implementation",
    "Solution",
    "StandIn",
    "decoded",
    "load_module",
    "public_members",
    "read_bytes",
    "read_source",
]

MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Contract:
    """The members that an exercise asks for, each with the signature of its call (without `self`)."""

    signatures: Mapping[str, inspect.Signature]
    is_class: Mapping[str, bool]

    @classmethod
    def of(cls, members: Mapping[str, Any]) -> "Contract":
        """The contract that these members, usually the reference's, fulfil."""
        return cls(
            {name: _signature(member) for name, member in members.items()},
            {name: isinstance(member, type) for name, member in members.items()},
        )

    def check(self, name: str, member: Any) -> None:
        """Raise ContractError where `member` can't stand under `name`."""
        if self.is_class[name] and not isinstance(member, type):
            raise ContractError(f"`{name}` must be a class, and is {_kind(member)}")
        if not callable(member):
            raise ContractError(f"`{name}` must be a function, and is {_kind(member)}")
        try:
            given = _signature(member)
        except (ValueError, TypeError):
            return  # some built-in callables have no signature; calling them will tell
        wanted = self.signatures[name]
        if not _accepts(given, wanted):
            raise ContractError(f"`{name}` must take {_written(wanted)}, and takes {_written(given)}")


class Implementation:
    """The members of one loaded file, as attributes.

    Attributes:
        filename: what the code was compiled as; tracebacks name it. Of a notebook, the folder of its cells.
        registered: what loading the file put into a process-wide registry (see the course's runtime).
        used: the names that were taken from it.
    """

    def __init__(
        self,
        module: types.ModuleType,
        filename: str,
        contract: Contract | None = None,
        registered: Any = None,
    ) -> None:
        self._module = module
        self._contract = contract
        self.filename = filename
        self.registered = registered
        self.used: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.used.add(name)
        if name not in vars(self._module):
            raise ContractError(self._missing(name))
        member = vars(self._module)[name]
        if self._contract is not None and name in self._contract.signatures:
            self._contract.check(name, member)
        return member

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the file's code runs, list its modules by name, but empty.

        AutoGraph looks up the module that a lambda belongs to, and does not convert the lambda where there is
        none. Keras looks there for unregistered classes, and must find none.
        """
        values = [v for v in vars(self._module).values() if isinstance(v, types.FunctionType | type)]
        names = {self._module.__name__, *(value.__module__ for value in values)}
        unlisted = [name for name in names if isinstance(name, str) and name not in sys.modules]
        with _in_sys_modules({name: types.ModuleType(name) for name in unlisted}):
            yield

    def _missing(self, name: str) -> str:
        near = self._nearest(name)
        advice = f"It has `{near}`: is the name misspelt?" if near else "Was it renamed or deleted?"
        reset = "`kata reset` brings the exercise's file back and keeps yours as a backup."
        return f"your file has no `{name}`. {advice} {reset}"

    def _nearest(self, name: str) -> str:
        """The defined name that is most like this one; empty where none is."""
        return next(iter(difflib.get_close_matches(name, vars(self._module), n=1, cutoff=0.7)), "")


def read_source(path: Path) -> str:
    """The text of a Python file.

    Raises:
        ImplementationError: the file is missing, no file, too large, or not text; the message says which.
    """
    return decoded(read_bytes(path, MOST_BYTES), path.name)


def decoded(data: bytes, name: str) -> str:
    """The text that a Python file holds.

    Raises:
        ImplementationError: it is too large, or not text.
    """
    if len(data) > MOST_BYTES:
        raise ImplementationError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        return data.decode(encoding).replace("\r\n", "\n")
    except (UnicodeDecodeError, SyntaxError, LookupError):
        raise ImplementationError(
            f"{name} is not UTF-8 text. Save it with the encoding UTF-8 (in most editors: Save with Encoding)."
        ) from None


def read_bytes(path: Path, most: int) -> bytes:
    """The first bytes of a file: `most` of them and one more, which tells that it is larger.

    Raises:
        ImplementationError: the file is missing, no file, or can't be read.
    """
    if path.exists() and not path.is_file():
        raise ImplementationError(f"{path.name} is no file")
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise ImplementationError(f"there is no file {path.name}") from None
    except OSError as error:
        raise ImplementationError(f"{path.name} can't be read: {error.strerror}") from None


def load_module(code: types.CodeType, name: str, source: str = "") -> types.ModuleType:
    """Run a module's code under `name`, which is in `sys.modules` only while it runs.

    It must not stay there: Keras looks an unregistered class up in the module it names, and so would find
    a class whose writer forgot to register it.
    """
    module = types.ModuleType(name)
    module.__file__ = code.co_filename
    module.__package__ = name.rpartition(".")[0]
    if source:
        linecache.cache[code.co_filename] = (
            len(source),
            None,
            source.splitlines(keepends=True),
            code.co_filename,
        )
    with _in_sys_modules({name: module}):
        exec(code, vars(module))
    return module


def public_members(module: types.ModuleType) -> dict[str, Any]:
    """The functions and classes that a module defines itself, without those that start with `_`."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and isinstance(value, types.FunctionType | type)
        and value.__module__ == module.__name__
    }


@dataclass(frozen=True)
class StandIn:
    """One definition of misconceptions.py or alternatives.py."""

    name: str
    text: str
    member: str
    definition: Any
    filename: str
    registered: Any = None


class Solution:
    """The secret part of an exercise: its reference, known mistakes and other right answers.

    Args:
        folder: `solutions/moduleN/exercise`.
        slug: `moduleN/exercise`.
        registrations: gives what loading has registered process-wide, to be kept with the implementation.
    """

    def __init__(self, folder: Path, slug: str, registrations: Callable[[], Any] = lambda: None) -> None:
        self.folder = folder
        self.slug = slug
        self._registrations = registrations
        self._package = "solutions." + slug.replace("/", ".")
        self.filename = str(folder / "reference.py")
        self.source = self._read("reference.py")
        self._code = _compiled(self.source, self.filename)

    def reference(self) -> Implementation:
        """A newly loaded reference."""
        return Implementation(self._load(self._code), self.filename, registered=self._registrations())

    def mutant(self, source: str) -> Implementation:
        """A changed reference. It has a file name of its own: AutoGraph reads a function's source again by it.

        Raises:
            AuthoringError: the changed module can't be loaded.
        """
        code = _compiled(source, f"{self.filename} (mutant)")
        module = self._load(code, source)
        return Implementation(module, code.co_filename, registered=self._registrations())

    def contract(self) -> Contract:
        """What the exercise asks for: the reference's public members."""
        return Contract.of(self.members())

    def members(self) -> dict[str, Any]:
        """The public members of a newly loaded reference."""
        return public_members(self._load(self._code))

    def reached(self, members: Iterable[str]) -> set[str]:
        """The names in the reference that its members lead to, themselves among them, by what they mention."""
        definitions = {
            name: {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
            for statement in ast.parse(self.source).body
            for name in _defined(statement)
        }
        reached: set[str] = set()
        ahead = set(members)
        while ahead:
            reached |= ahead
            ahead = set().union(*(definitions.get(name, set()) for name in ahead)) - reached
        return reached

    def misconceptions(self) -> dict[str, StandIn]:
        """The known mistakes by name, in the order of the file."""
        return self._stand_ins("misconceptions.py")

    def alternatives(self) -> dict[str, StandIn]:
        """The other right answers by name, in the order of the file."""
        return self._stand_ins("alternatives.py")

    def with_stand_in(self, stand_in: StandIn) -> Implementation:
        """The reference with one member replaced, also for the reference's own calls of it."""
        module = self._load(self._code)
        setattr(module, stand_in.member, stand_in.definition)
        registered = self._registrations() if stand_in.registered is None else stand_in.registered
        return Implementation(module, stand_in.filename, registered=registered)

    def _stand_ins(self, filename: str) -> dict[str, StandIn]:
        path = self.folder / filename
        source = self._read(filename)
        reference = self._load(self._code)
        package = types.ModuleType(self._package)
        package.__path__ = []
        with _in_sys_modules({self._package: package, f"{self._package}.reference": reference}):
            module = self._load(_compiled(source, str(path)), source)
        registered = self._registrations()
        found = {}
        for name, definition in vars(module).items():
            member = vars(definition).get("__instead_of__") if hasattr(definition, "__dict__") else None
            if member is None:
                continue
            if not hasattr(reference, member):
                raise AuthoringError(f"{path}: {name} stands in for `{member}`, which the reference lacks")
            text = inspect.cleandoc(definition.__doc__ or "").strip()
            if not text or (isinstance(definition, type) and "__doc__" not in vars(definition)):
                raise AuthoringError(f"{path}: {name} lacks a docstring that says what it does")
            definition.__name__ = definition.__qualname__ = member
            own = registered if isinstance(definition, type) else None  # a class may have registered itself
            found[name] = StandIn(name, " ".join(text.split()), member, definition, str(path), own)
        return found

    def _load(self, code: types.CodeType, source: str = "") -> types.ModuleType:
        try:
            return load_module(code, f"{self._package}.{Path(code.co_filename).stem}", source)
        except Exception as error:  # whatever an author's file raises while it runs
            problem = f"{type(error).__name__}: {error}"
            raise AuthoringError(f"{code.co_filename} can't be loaded: {problem}") from error

    def _read(self, filename: str) -> str:
        try:
            return read_source(self.folder / filename)
        except ImplementationError as error:
            raise AuthoringError(f"{self.slug}: {error}") from None


def _defined(statement: ast.stmt) -> list[str]:
    """The names that a top-level statement of a module gives a meaning to."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [statement.name]
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _compiled(source: str, filename: str) -> types.CodeType:
    try:
        return compile(source, filename, "exec")
    except (SyntaxError, ValueError) as error:
        where = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise AuthoringError(f"{filename}{where}: {error.args[0]}") from None


@contextmanager
def _in_sys_modules(modules: Mapping[str, types.ModuleType]) -> Iterator[None]:
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module


def _signature(member: Any) -> inspect.Signature:
    if not isinstance(member, type):
        return inspect.signature(member)
    # Not of the class itself: Keras's layers have a `__new__` that takes anything.
    signature = inspect.signature(getattr(member, "__init__"))  # noqa: B009 - typed as unsound
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _accepts(given: inspect.Signature, wanted: inspect.Signature) -> bool:
    """Whether `given` can be called in every way that a probe calls `wanted`.

    Probes pass arguments by position, and those with a default also by name.
    """
    plain = [p for p in wanted.parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p for p in plain if p.default is p.empty]
    named = [p for p in wanted.parameters.values() if p.kind is p.KEYWORD_ONLY or p.default is not p.empty]
    options = {p.name: None for p in named if p.kind is not p.POSITIONAL_ONLY}
    always = {p.name: None for p in named if p.default is p.empty}
    try:
        given.bind(*[None] * len(plain), **always)
        given.bind(*[None] * len(required), **always)
        given.bind(*[None] * len(required), **options)
    except TypeError:
        return False
    return True


def _written(signature: inspect.Signature) -> str:
    names = []
    for parameter in signature.parameters.values():
        star = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r:.40}"
        names.append(f"{star}{parameter.name}{default}")
    return f"({', '.join(names)})"


def _kind(value: Any) -> str:
    return "a function" if inspect.isfunction(value) else f"of type {type(value).__name__}"


def load_by_path(path: Path, name: str) -> types.ModuleType:
    """Import a file of the course itself (a grader, the runtime) under `name`, which it keeps."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise AuthoringError(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
