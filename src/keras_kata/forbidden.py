"""APIs that an exercise asks to build, and so forbids: found in a learner's text.

A grader declares them by their public names, each with what to build instead:

    FORBIDDEN = {"keras.layers.Dense": "Make the weights yourself with add_weight."}

`find_uses` follows names through the syntax tree and tells the line. It would rather miss a far-fetched
alias than accuse a right answer: what no reading can find, the module `tripwires` catches when it is called.
"""

import ast
from collections import ChainMap, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeGuard

from keras_kata.errors import ImplementationError

__all__ = ["NO_SYNONYMS", "Use", "find_uses", "is_in"]

NO_SYNONYMS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Use:
    """One place where a forbidden API is used; `name` and `advice` are as the grader declares them.

    The line is 0 where it is not known.
    """

    name: str
    line: int
    advice: str


def find_uses(
    tree: ast.Module,
    forbidden: Mapping[str, str],
    synonyms: Mapping[str, str] = NO_SYNONYMS,
    members: Collection[str] = (),
) -> list[Use]:
    """The uses of forbidden APIs in a module, by line, each line once for each API.

    A use is an expression that gives a forbidden API or a part of it, under whatever alias. To import it or
    to give it a name is none yet, nor is what only looks at it: an annotation, a comparison, isinstance.

    Args:
        tree: the learner's module.
        forbidden: dotted public names, each with what to build instead. A name stands for all beneath it.
        synonyms: other prefixes of the same API, such as `{"tensorflow.keras": "keras"}`.
        members: the names that the exercise asks for. A forbidden API that goes by one of them is a use:
            the grader will call it, which no tripwire minds.

    Raises:
        ImplementationError: the tree is nested too deeply to be followed.
    """
    finder = _Finder(forbidden, synonyms)
    try:
        finder.follow(tree)
    except RecursionError:
        raise ImplementationError("an expression in the file is nested too deeply to be read") from None
    finder.add_members(members)
    return sorted(finder.uses, key=lambda use: (use.line, use.name))


Values = frozenset[str]
"""What an expression may give, as dotted names: forbidden APIs, and what leads to one. Else nothing."""

OTHER: Final[Values] = frozenset()
_CHECKS: Final = {"builtins.isinstance", "builtins.issubclass"}
_IMPORTERS: Final = {"builtins.__import__", "importlib.import_module"}


@dataclass
class _Scope:
    """What the names of a module, class, function or comprehension stand for, at one point of its code.

    Every name that a function binds is in its scope from the start, as Python has it. So what is bound here
    and is not in `names` belongs to a scope outside (`global`, or `:=` in a comprehension).
    """

    parent: "_Scope | None" = None
    is_class: bool = False
    names: ChainMap[str, Values] = field(default_factory=ChainMap)

    def find(self, name: str) -> Values:
        if name in self.names:
            return self.names[name]
        return self.parent.find(name) if self.parent else frozenset({f"builtins.{name}"})

    def bind(self, name: str, values: Values) -> "_Scope":
        """Bind a name, and give the scope that it belongs to."""
        if self.parent is None or self.is_class or name in self.names:
            self.names[name] = values
            return self
        # When this function runs is not known, so the outer name may stand for either.
        return self.parent.bind(name, values | self.parent.find(name))

    def inner(self, bound: Collection[str] = (), is_class: bool = False) -> "_Scope":
        # A function in a class does not see the names of the class.
        names = ChainMap(dict.fromkeys(bound, OTHER))
        return _Scope(self.parent if self.is_class else self, is_class, names)


class _Finder(ast.NodeVisitor):
    """Follows a module in the order in which it runs; the bodies of functions come last."""

    def __init__(self, forbidden: Mapping[str, str], synonyms: Mapping[str, str]) -> None:
        self.uses: set[Use] = set()
        self._synonyms = synonyms
        self._declared = {self._plain(name): (name, advice) for name, advice in forbidden.items()}
        self._goals = {*self._declared, *synonyms, *_CHECKS, *_IMPORTERS, "builtins.getattr", "builtins.vars"}
        self._module = self._scope = _Scope()
        self._bound_at: dict[str, int] = {}
        self._bodies: deque[tuple[_Scope, Sequence[ast.AST]]] = deque()

    def follow(self, tree: ast.Module) -> None:
        self._bodies.append((self._module, tree.body))
        while self._bodies:
            self._visit_inside(*self._bodies.popleft())

    def add_members(self, members: Collection[str]) -> None:
        for name in self._bound_at.keys() & set(members):
            self._add(self._module.names.get(name, OTHER), self._bound_at[name])

    # What an expression gives.

    def _plain(self, name: str) -> str:
        for prefix, meaning in self._synonyms.items():
            if is_in(name, prefix):
                return meaning + name.removeprefix(prefix)
        return name

    def _named(self, name: str) -> Values:
        """What a dotted name gives. A part of a forbidden API counts as the API itself."""
        name = self._plain(name)
        declared = {api for api in self._declared if is_in(name, api)}
        leads_on = any(is_in(goal, name) for goal in self._goals)
        return frozenset(declared or ({name} if leads_on else ()))

    def _part(self, values: Values, name: str) -> Values:
        if name == "__dict__":  # `owner.__dict__["part"]` is read as `owner["part"]`
            return values
        return OTHER.union(*(self._named(f"{value}.{name}") for value in values))

    def _values(self, node: ast.expr) -> Values:
        match node:
            case ast.Name(id=name):
                return self._scope.find(name)
            case ast.Attribute(value=owner, attr=name):
                return self._part(self._values(owner), name)
            case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))):
                return self._part(self._values(owner), name)
            case ast.NamedExpr(value=value):
                return self._values(value)
            case ast.Call():
                return self._fetched(node)
            case _:
                return OTHER.union(*map(self._values, _alternatives(node)))

    def _fetched(self, call: ast.Call) -> Values:
        """What a call gives where it only fetches something by its name."""
        functions = self._values(call.func)
        match call.args:
            case [owner, ast.Constant(value=str(name)), *_] if "builtins.getattr" in functions:
                return self._part(self._values(owner), name)
            case [owner] if "builtins.vars" in functions:
                return self._values(owner)
            case [ast.Constant(value=str(name)), *_] if functions & _IMPORTERS:
                # `__import__` gives the first package of the name, unless told to give the last.
                return self._named(name) | self._named(name.split(".")[0])
            case _:
                return OTHER

    # What counts as a use.

    def _add(self, values: Values, line: int) -> None:
        for api in values & self._declared.keys():
            name, advice = self._declared[api]
            self.uses.add(Use(name, line, advice))

    def _gives_forbidden(self, node: ast.AST) -> TypeGuard[ast.expr]:
        is_read = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        return is_read and isinstance(node, _FETCHES) and bool(self._values(node) & self._declared.keys())

    def visit(self, node: ast.AST) -> None:
        if self._gives_forbidden(node):
            self._add(self._values(node), node.lineno)
        else:
            super().visit(node)

    def _visit_all(self, nodes: Sequence[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _look(self, node: ast.expr) -> None:
        """Visit an expression that may give a forbidden API without being a use of it."""
        if isinstance(node, ast.IfExp):
            self.visit(node.test)
        if parts := _alternatives(node):
            for part in parts:
                self._look(part)
        elif not self._gives_forbidden(node):
            self.visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if self._values(node.func) & _CHECKS:
            for argument in node.args:
                self._look(argument)
        else:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for operand in (node.left, *node.comparators):
            self._look(operand)

    def visit_MatchValue(self, node: ast.MatchValue) -> None:
        self._look(node.value)

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        self._visit_all([*node.patterns, *node.kwd_patterns])

    # What binds a name.

    def _bind(self, name: str, values: Values, line: int) -> None:
        if self._scope.bind(name, values) is self._module:
            self._bound_at[name] = line

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._bind(node.id, OTHER, node.lineno)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            root = alias.name.split(".")[0]
            values = self._named(alias.name if alias.asname else root)
            self._bind(alias.asname or root, values, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self._bind_all(module, node.lineno)
            else:
                values = self._named(f"{module}.{alias.name}")
                self._bind(alias.asname or alias.name, values, node.lineno)

    def _bind_all(self, module: str, line: int) -> None:
        """Bind those names of a module that lead to a forbidden API."""
        prefix = f"{self._plain(module)}."
        for goal in self._goals:
            if goal.startswith(prefix):
                name = goal.removeprefix(prefix).split(".")[0]
                self._bind(name, self._named(prefix + name), line)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self._assign(node.target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._bind(node.target.id, self._values(node.value), node.lineno)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        pairs = _unpacked(target, value)
        for one, part, values in [(one, part, self._values(part)) for one, part in pairs]:
            if not isinstance(one, ast.Name):
                self._visit_all([part, one])
                continue
            # A name in a class is an attribute, and it is not followed where those go.
            (self.visit if self._scope.is_class else self._look)(part)
            self._bind(one.id, values, one.lineno)

    # What has a scope of its own. Annotations are left out: they only name what they name.

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_all(node.decorator_list)
        self._visit_function(node.args, node.body)
        self._bind(node.name, OTHER, node.lineno)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_function(node.args, [node.body])

    def _visit_function(self, arguments: ast.arguments, body: Sequence[ast.AST]) -> None:
        self._visit_all([*arguments.defaults, *arguments.kw_defaults])
        parameters = {node.arg for node in ast.iter_child_nodes(arguments) if isinstance(node, ast.arg)}
        self._bodies.append((self._scope.inner(parameters | _bound_names(body)), body))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self._visit_inside(self._scope.inner(is_class=True), node.body)
        self._bind(node.name, OTHER, node.lineno)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        bound = _bound_names([generator.target for generator in node.generators])
        self._visit_inside(self._scope.inner(bound), [*ast.iter_child_nodes(node)])

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    def _visit_inside(self, scope: _Scope, nodes: Sequence[ast.AST]) -> None:
        outer, self._scope = self._scope, scope
        self._visit_all(nodes)
        self._scope = outer

    # What runs one way or another: afterwards a name may stand for what either has left.

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self._visit_branches(node.body, node.orelse)

    def visit_Try(self, node: ast.Try) -> None:
        self._visit_branches([*node.body, *node.orelse], *([handler] for handler in node.handlers))
        self._visit_all(node.finalbody)

    def _visit_branches(self, *branches: Sequence[ast.AST]) -> None:
        before, endings = self._scope.names, []
        for branch in branches:
            self._scope.names = before.new_child()
            self._visit_all(branch)
            endings.append(self._scope.names)
        self._scope.names = before
        for name in {name for ending in endings for name in ending.maps[0]}:
            before[name] = OTHER.union(*(ending.get(name, OTHER) for ending in endings))


_FETCHES: Final = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


def is_in(name: str, prefix: str) -> bool:
    """Whether a dotted name is another one, or beneath it."""
    return name == prefix or name.startswith(f"{prefix}.")


def _alternatives(node: ast.expr) -> Sequence[ast.expr]:
    """The parts of an expression that it gives one of, or that it holds."""
    match node:
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items) | ast.BoolOp(values=items):
            return items
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, op=ast.BitOr(), right=other):
            return [one, other]
        case _:
            return []


def _unpacked(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Which part of a value an assignment gives to which target, as far as the text shows it."""
    if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        starred = any(isinstance(item, ast.Starred) for item in (*target.elts, *value.elts))
        if len(target.elts) == len(value.elts) and not starred:
            parts = zip(target.elts, value.elts, strict=True)
            return [pair for one, part in parts for pair in _unpacked(one, part)]
    return [(target, value)]


def _bound_names(nodes: Sequence[ast.AST]) -> set[str]:
    """The names that code binds. Those of functions inside it count too: then an alias may be missed."""
    bound: set[str] = set()
    elsewhere: set[str] = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.Global | ast.Nonlocal):
            elsewhere.update(node.names)
        else:  # a function or class, the exception of an `except`, a pattern of a `match`
            bound |= {getattr(node, "name", None) or "", getattr(node, "rest", None) or ""}
    return bound - elsewhere
