"""Mutants of a reference: its source with one small error each.

`kata audit` shows every mutant to an exercise's grader. One that gets full marks is a mistake that the
grader would not notice in a learner's answer, or is equivalent to the reference and listed as such by its id.
"""

import ast
import copy
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from keras_kata.mutation_rules import RULES, SKIPPED_FIELDS, is_off_limits, is_whole

__all__ = ["Mutant", "make_mutants"]

_Step = tuple[str, int | None]
"""From a node to a child: the field, and the place in it if the field is a list."""


@dataclass(frozen=True)
class _Change:
    """One node of a module's syntax tree replaced by another.

    Attributes:
        path: how to get to the replaced node from the module.
        replacement: what stands in its place.
    """

    path: tuple[_Step, ...]
    replacement: ast.AST

    def applied_to(self, source: str) -> ast.Module:
        """The changed tree of the source, which shares no node with any other."""
        tree = ast.parse(source)  # A fresh tree: many times faster than a deep copy of one.
        field_name, index = self.path[-1]
        parent = _node_at(tree, self.path[:-1])
        replacement = copy.deepcopy(self.replacement)
        if index is None:
            setattr(parent, field_name, replacement)
        else:
            getattr(parent, field_name)[index] = replacement
        return ast.fix_missing_locations(tree)


@dataclass(frozen=True)
class Mutant:
    """A module's source with one small error.

    Attributes:
        id: the function and what changed in it, such as `f: 1.0 - x -> 1.0 + x`. It says nothing of lines,
            so it stays the same when other parts of the source are edited. ` #2` marks the second such
            change in one function.
        line: the line of the source where the changed part starts.
    """

    id: str
    line: int
    _source: str = field(repr=False)
    _change: _Change = field(repr=False)

    @property
    def tree(self) -> ast.Module:
        """The mutant's syntax tree, with the line numbers of the source; each access makes a new one."""
        return self._change.applied_to(self._source)


@dataclass(frozen=True)
class _Site:
    """A node that may be mutated.

    Attributes:
        function: qualified name of the function around it.
        lineage: the nodes from the module down to the node itself.
        path: the steps between them.
    """

    function: str
    lineage: tuple[ast.AST, ...]
    path: tuple[_Step, ...]

    @property
    def node(self) -> ast.AST:
        """The node itself."""
        return self.lineage[-1]

    @property
    def position(self) -> tuple[int, int]:
        """The line and column where the node starts."""
        return getattr(self.node, "lineno", 0), getattr(self.node, "col_offset", 0)


def make_mutants(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of the source.

    Only what functions do is changed: their bodies and default arguments, but no text, type, decorator
    or `raise`. Mutants that do not compile without a warning are left out, and so are those that read
    the same as the source or as an earlier mutant.

    Args:
        source: the text of a module.

    Raises:
        SyntaxError: the source itself does not compile, or only with a warning.
    """
    original = ast.parse(source)
    _compile_strictly(original)
    imported = _imported_names(original)
    seen = {ast.unparse(original)}
    repeats: Counter[str] = Counter()
    mutants = []
    for site, replacement in _candidates(original):
        if _is_pointless(site, replacement, imported):
            continue
        change = _Change(site.path, replacement)
        tree = change.applied_to(source)
        text = ast.unparse(tree)
        if text in seen or not _compiles(tree):
            continue
        seen.add(text)
        description = _describe(site, tree)
        repeats[description] += 1
        suffix = f" #{repeats[description]}" if repeats[description] > 1 else ""
        mutants.append(Mutant(description + suffix, site.position[0], source, change))
    return mutants


def _candidates(tree: ast.Module) -> Iterator[tuple[_Site, ast.AST]]:
    """What every rule makes of every site, in the order of the source."""
    start = _Site("", (tree,), ())
    for site in sorted(_sites(start, in_function=False), key=lambda site: site.position):
        for rule in RULES:
            for replacement in rule(site.node):
                yield site, replacement


def _sites(site: _Site, in_function: bool) -> Iterator[_Site]:
    """The site and those below it that are inside a function and have a place in the source."""
    node = site.node
    if is_off_limits(node):
        return
    if in_function and isinstance(node, ast.expr | ast.stmt | ast.keyword):
        yield site
    if is_whole(node):
        return
    function = site.function
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}".lstrip(".")
        in_function = in_function or not isinstance(node, ast.ClassDef)
    for step, child in _children(node):
        yield from _sites(_Site(function, (*site.lineage, child), (*site.path, step)), in_function)


def _children(node: ast.AST) -> Iterator[tuple[_Step, ast.AST]]:
    """The children of a node that hold behaviour, and the step to each."""
    for name, value in ast.iter_fields(node):
        if name in SKIPPED_FIELDS:
            continue
        if isinstance(value, ast.AST):
            yield (name, None), value
        elif isinstance(value, list):
            yield from (((name, i), item) for i, item in enumerate(value) if isinstance(item, ast.AST))


def _node_at(tree: ast.AST, path: tuple[_Step, ...]) -> ast.AST:
    """The node that the path leads to."""
    node = tree
    for name, index in path:
        value = getattr(node, name)
        node = value if index is None else value[index]
    return node


def _imported_names(tree: ast.Module) -> set[str]:
    """The names that import statements bind."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}


def _is_pointless(site: _Site, replacement: ast.AST, imported: set[str]) -> bool:
    """Whether nobody would make the change, or another rule makes it more plainly."""
    if isinstance(site.lineage[-2], ast.Expr) and any(replacement is part for part in ast.walk(site.node)):
        return True  # What is left of a call for its effect has none: the same as the statement removed.
    match site.node:
        case ast.Call(func=ast.Attribute(value=receiver)) if receiver is replacement:
            if ast.unparse(receiver) in ("self", "cls", "super()"):
                return True
            while isinstance(receiver, ast.Attribute):
                receiver = receiver.value
            return isinstance(receiver, ast.Name) and receiver.id in imported  # `np.zeros(3) -> np`
    return False


def _compile_strictly(tree: ast.Module) -> None:
    """Compile the tree.

    Raises:
        SyntaxError: it can't be compiled, or the compiler warns of it.
    """
    with warnings.catch_warnings():
        # Ignored warnings would depend on filters elsewhere: a strict pytest would fail on the mutant.
        warnings.simplefilter("error", SyntaxWarning)
        compile(tree, "<mutant>", "exec")


def _compiles(tree: ast.Module) -> bool:
    """Whether the tree compiles without a warning."""
    try:
        _compile_strictly(tree)
    except (SyntaxError, ValueError, TypeError):  # The last two: a node where the grammar has no such node.
        return False
    return True


def _describe(site: _Site, mutated: ast.Module) -> str:
    """The function, and the smallest part around the site that tells a reader what changed."""
    depth = len(site.path)
    while not _is_telling(site.lineage[depth]):
        depth -= 1
    name = ""
    if isinstance(arguments := site.lineage[depth], ast.arguments):
        name = f"{_parameter_of_default(arguments, site.path[depth])}="
        depth += 1
    before, after = (_headline(_node_at(tree, site.path[:depth])) for tree in (site.lineage[0], mutated))
    return f"{site.function}: {name}{before} -> {name}{after}"


def _is_telling(node: ast.AST) -> bool:
    """Whether a reader finds the place by this node's source. A lone constant or `1:` says too little."""
    match node:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()) | ast.Tuple() | ast.Slice() | ast.Starred():
            return False
    return isinstance(node, ast.expr | ast.stmt | ast.pattern | ast.arguments)


def _headline(node: ast.AST) -> str:
    """The first line of a node's source: all of an expression, `if done:` of a whole block."""
    return ast.unparse(node).splitlines()[0]


def _parameter_of_default(arguments: ast.arguments, step: _Step) -> str:
    """The name of the parameter whose default value the step leads to."""
    kind, index = step
    assert index is not None, "both fields of defaults are lists"
    if kind == "kw_defaults":
        return arguments.kwonlyargs[index].arg
    positional = [*arguments.posonlyargs, *arguments.args]
    return positional[index - len(arguments.defaults)].arg
