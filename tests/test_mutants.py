"""Mutants: what each rule changes, what none may touch, and that ids are unique, readable and stable."""

import ast
import textwrap

import pytest

from keras_kata import mutants, mutation_rules
from keras_kata.mutants import make_mutants
from keras_kata.mutation_rules import Rule

LAYER = '''
"""A module of the size and style of a reference."""

import keras
import numpy as np
from keras import Layer, layers, ops

EPSILON = 1e-3


@keras.saving.register_keras_serializable(package="layer1")
def returns(rewards: np.ndarray, gamma: float = 0.99) -> np.ndarray:
    """Sum of rewards[t] * gamma ** t for t >= 0, computed with 1 pass.

    Args:
        rewards: (steps,) float.
    """
    if not 0.0 <= gamma <= 1.0:
        raise ValueError(f"gamma must be in [0, 1], not {gamma + 0:.2f}")
    total, out = 0.0, np.zeros(len(rewards), dtype="float32")
    for step in range(len(rewards) - 1, -1, -1):
        if rewards[step] == 0 and total < EPSILON:
            continue
        total = rewards[step] + gamma * total
        out[step] = total
    return out


class Attention(Layer):
    """Self-attention with 2 heads by default."""

    rate = 0.5

    def __init__(self, width: int, heads: int = 2, **kwargs):
        """Make 3 projections."""
        super().__init__(**kwargs)
        self.heads, self.depth = heads, width // heads
        self.query = layers.Dense(width, use_bias=False)
        self.norm = layers.LayerNormalization(axis=-1)

    def build(self, shape):
        self.query.build(shape)
        self.norm.build(shape)
        self.built = True

    def call(self, x, mask=None):
        q = self.query(x)
        scores = q @ ops.swapaxes(x, -1, -2) / self.depth**0.5
        scores = scores if mask is None else scores + (1.0 - mask[:, None, 1:]) * -1e9
        weights = ops.softmax(scores, axis=-1)
        return self.norm(weights @ x), ops.mean(weights, axis=(0, 1), keepdims=True)
'''


def body_of(tree: ast.Module) -> str:
    function = tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    return "\n".join(ast.unparse(statement) for statement in function.body)


def bodies(source: str) -> list[str]:
    return [body_of(mutant.tree) for mutant in make_mutants(source)]


def ids(source: str) -> list[str]:
    return [mutant.id for mutant in make_mutants(source)]


EXPRESSIONS: list[tuple[Rule, str, set[str]]] = [
    (mutation_rules.operators, "a + b", {"a - b"}),
    (mutation_rules.operators, "a - b", {"a + b"}),
    (mutation_rules.operators, "a * b", {"a / b"}),
    (mutation_rules.operators, "a / b", {"a * b"}),
    (mutation_rules.operators, "a // b", {"a / b"}),
    (mutation_rules.operators, "a % b", {"a // b"}),
    (mutation_rules.operators, "a ** b", {"a * b"}),
    (mutation_rules.operators, "a @ b", {"b @ a"}),
    (mutation_rules.operators, "a @ a", set()),
    (mutation_rules.operators, "a & b", {"a | b"}),
    (mutation_rules.operators, "a + b * c", {"a - b * c", "a + b / c"}),
    (mutation_rules.operators, "a < b", {"a <= b", "a > b"}),
    (mutation_rules.operators, "a <= b", {"a < b"}),
    (mutation_rules.operators, "a > b", {"a >= b", "a < b"}),
    (mutation_rules.operators, "a >= b", {"a > b"}),
    (mutation_rules.operators, "a == b", {"a != b"}),
    (mutation_rules.operators, "a != b", {"a == b"}),
    (mutation_rules.operators, "a is None", {"a is not None"}),
    (mutation_rules.operators, "a is not None", {"a is None"}),
    (mutation_rules.operators, "a in b", {"a not in b"}),
    (mutation_rules.operators, "a not in b", {"a in b"}),
    (mutation_rules.operators, "a <= b <= c", {"a < b <= c", "a <= b < c"}),
    (mutation_rules.operators, "a and b", {"a or b"}),
    (mutation_rules.operators, "a or b", {"a and b"}),
    (mutation_rules.operators, "'layer_' + name + '_1'", set()),
    (mutation_rules.operators, "x.shape + [1] * n", set()),
    (mutation_rules.unary, "-x", {"x"}),
    (mutation_rules.unary, "not x", {"x"}),
    (mutation_rules.unary, "~x", {"x"}),
    (mutation_rules.unary, "-0.5", {"0.5"}),
    (mutation_rules.unary, "-1", set()),
    (mutation_rules.numbers, "3", {"4", "2"}),
    (mutation_rules.numbers, "0", {"1"}),
    (mutation_rules.numbers, "-1", {"0", "-2"}),
    (mutation_rules.numbers, "-2", {"-1", "-3"}),
    (mutation_rules.numbers, "x[0]", {"x[1]"}),
    (mutation_rules.numbers, "x[-1]", {"x[-2]", "x[0]"}),
    (mutation_rules.numbers, "x[1:]", {"x[2:]", "x[0:]"}),
    (mutation_rules.numbers, "[1, 0]", {"[2, 0]", "[0, 0]", "[1, 1]"}),
    (mutation_rules.numbers, "0.0", {"1.0"}),
    (mutation_rules.numbers, "1.0", {"2.0"}),
    (mutation_rules.numbers, "0.25", {"0.5"}),
    (mutation_rules.numbers, "-0.5", {"-1.0"}),
    (mutation_rules.numbers, "1e-7", {"0.0"}),
    (mutation_rules.numbers, "-1e9", {"-0.0"}),
    (mutation_rules.numbers, "True", {"False"}),
    (mutation_rules.numbers, "False", {"True"}),
    (mutation_rules.numbers, "f(x, keepdims=True)", {"f(x, keepdims=False)"}),
    (mutation_rules.numbers, "f(x, axis=-1)", set()),
    (mutation_rules.numbers, "f(x, axis=(1, 2))", set()),
    (mutation_rules.numbers, "'1', None, ..., b'0', 1j", set()),
    (mutation_rules.axes, "f(x, axis=-1)", {"f(x, axis=0)"}),
    (mutation_rules.axes, "f(x, axis=0)", {"f(x, axis=1)"}),
    (mutation_rules.axes, "f(x, axis=2)", {"f(x, axis=1)"}),
    (mutation_rules.axes, "f(x, axis=-2)", {"f(x, axis=-1)"}),
    (mutation_rules.axes, "f(x, axis=(1, 2))", {"f(x, axis=(2,))", "f(x, axis=(1,))"}),
    (mutation_rules.axes, "f(x, axis=[1, 2])", {"f(x, axis=[2])", "f(x, axis=[1])"}),
    (mutation_rules.axes, "f(x, axis=(1,))", set()),
    (mutation_rules.axes, "f(x, axis=axis)", set()),
    (mutation_rules.slice_bounds, "x[1:]", {"x[:]"}),
    (mutation_rules.slice_bounds, "x[:-1]", {"x[:]"}),
    (mutation_rules.slice_bounds, "x[a:b:2]", {"x[:b:2]", "x[a::2]", "x[a:b]"}),
    (mutation_rules.slice_bounds, "x[:, 1:]", {"x[:, :]"}),
    (mutation_rules.slice_bounds, "x[0:n:1]", {"x[0::1]"}),
    (mutation_rules.dropped_calls, "f(x)", {"x"}),
    (mutation_rules.dropped_calls, "f(x, 1)", {"x"}),
    (mutation_rules.dropped_calls, "f(g(x))", {"g(x)", "f(x)"}),
    (mutation_rules.dropped_calls, "x.f()", {"x"}),
    (mutation_rules.dropped_calls, "x.f(axis=-1)", {"x"}),
    (mutation_rules.dropped_calls, "x.astype('float32')", {"x"}),
    (mutation_rules.dropped_calls, "x.transpose(-1, 0)", {"x"}),
    (mutation_rules.dropped_calls, "x.reshape((a, b))", {"x", "(a, b)"}),
    (mutation_rules.dropped_calls, "x.reshape(*shape)", {"x"}),
    (mutation_rules.dropped_calls, "self.dense(x)", {"x"}),
    (mutation_rules.dropped_calls, "self.weights.mean()", {"self.weights"}),
    (mutation_rules.dropped_calls, "self.count()", set()),
    (mutation_rules.dropped_calls, "super().get_config()", set()),
    (mutation_rules.dropped_keywords, "f(x, a=1, b=2)", {"f(x, b=2)", "f(x, a=1)"}),
    (mutation_rules.dropped_keywords, "zip(a, b, strict=True)", set()),
    (mutation_rules.numbers, "zip(a, b, strict=True)", set()),
    (mutation_rules.dropped_keywords, "super().__init__(**kwargs)", {"super().__init__()"}),
    (mutation_rules.swapped_neighbours, "f(a, b)", {"f(b, a)"}),
    (mutation_rules.swapped_neighbours, "f(a, b, c)", {"f(b, a, c)", "f(a, c, b)"}),
    (mutation_rules.swapped_neighbours, "f(a, a)", set()),
    (mutation_rules.swapped_neighbours, "f(a, *b)", set()),
    (mutation_rules.swapped_neighbours, "max(a, b)", set()),
    (mutation_rules.swapped_neighbours, "np.maximum(a, b)", set()),
    (mutation_rules.branches, "a if c else b", {"a", "b"}),
]

STATEMENTS: list[tuple[Rule, str, set[str]]] = [
    (mutation_rules.operators, "a += b", {"a -= b"}),
    (mutation_rules.operators, "a *= b", {"a /= b"}),
    (mutation_rules.operators, "names += ['a']", set()),
    (mutation_rules.negated_result, "return a * b", {"return -(a * b)"}),
    (mutation_rules.negated_result, "y = a - b", {"y = -(a - b)"}),
    (mutation_rules.negated_result, "y: float = a - b", {"y: float = -(a - b)"}),
    (mutation_rules.negated_result, "return a", set()),
    (mutation_rules.negated_result, "return f(a + b)", set()),
    (mutation_rules.negated_result, "return a & b", set()),
    (mutation_rules.negated_result, "return 'a' + b", set()),
    (mutation_rules.dropped_calls, "import numpy as np\ny = np.zeros(3)", set()),
    (mutation_rules.dropped_calls, "import tensorflow as tf\ny = tf.random.Generator()", set()),
    (mutation_rules.dropped_calls, "optimizer.apply(gradients)", set()),
    (mutation_rules.dropped_calls, "losses.append(float(x))", {"losses.append(x)"}),
    (mutation_rules.swapped_neighbours, "return a, b", {"return (b, a)"}),
    (mutation_rules.branches, "if c:\n    g()", {"if True:\n    g()", "if False:\n    g()"}),
    (mutation_rules.removed_statements, "optimizer.apply(g)", {"pass"}),
    (mutation_rules.removed_statements, "super().__init__(**kwargs)", {"pass"}),
    (mutation_rules.removed_statements, "while c:\n    break", {"while c:\n    pass"}),
    (mutation_rules.removed_statements, "while c:\n    continue", {"while c:\n    pass"}),
    (mutation_rules.removed_statements, "self.x = 1", {"pass"}),
    (mutation_rules.removed_statements, "self.x: int = 1", {"pass"}),
    (mutation_rules.removed_statements, "x[i] = 1", {"pass"}),
    (mutation_rules.removed_statements, "x[i] += 1", {"pass"}),
    (mutation_rules.removed_statements, "x = 1", set()),
]


@pytest.mark.parametrize(("rule", "expression", "expected"), EXPRESSIONS)
def test_a_rule_makes_exactly_these_of_an_expression(
    rule: Rule, expression: str, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "RULES", (rule,))
    assert set(bodies(f"def f():\n    y = {expression}")) == {f"y = {change}" for change in expected}


@pytest.mark.parametrize(("rule", "statement", "expected"), STATEMENTS)
def test_a_rule_makes_exactly_these_of_a_statement(
    rule: Rule, statement: str, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "RULES", (rule,))
    assert set(bodies("def f():\n" + textwrap.indent(statement, "    "))) == expected


def test_every_rule_is_in_use_and_tested() -> None:
    assert {rule for rule, _, _ in EXPRESSIONS + STATEMENTS} == set(mutation_rules.RULES)


@pytest.mark.parametrize(
    "source",
    [
        '"""A module, 1 + 1."""\nimport numpy as np\nRATE = 0.1\nif __name__ == "__main__":\n    f(1, 2)',
        'def f():\n    """Return 1 + 1, if True."""',
        "def f(x: Array[1, 2] = None) -> Literal[1, True]:\n    y: Literal[1] = x",
        "@decorated(1, x=True)\ndef f():\n    pass",
        "class C(Base, metaclass=Meta):\n    rate: float = 0.5\n    size = len(NAMES) + 1",
        "def f(x):\n    raise ValueError('expected 1, not ' + str(x + 1), f'{x - 1}', 3)",
        "def f(x):\n    message = f'{x + 1:.3f} of {len(x) * 2}'",
        "def f(x):\n    message = '%d of %.2f' % (x + 1, 2)",
        "def f(x):\n    message = '{:.2f}'.format(x + 1)",
        "def f(x):\n    assert x, f'expected {x + 1}' + str(x + 1)",
        "def f(x):\n    name = type(x).__name__",
        "def f():\n    from numpy import array as a",
    ],
)
def test_text_types_decorators_and_the_module_level_are_left_alone(source: str) -> None:
    assert ids(source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a, b=1): pass", {"f: b=1 -> b=2", "f: b=1 -> b=0"}),
        (
            "def f(a=0, /, b=False, *, c, d=0.5): pass",
            {"f: a=0 -> a=1", "f: b=False -> b=True", "f: d=0.5 -> d=1.0"},
        ),
        ("def f(x):\n    x -= 1.0", {"f: x -= 1.0 -> x += 1.0", "f: x -= 1.0 -> x -= 2.0"}),
        ("def f(x):\n    return [1.0 - x]", {"f: 1.0 - x -> 1.0 + x", "f: 1.0 - x -> 2.0 - x"}),
        ("def f(x):\n    return 1j + x", {"f: 1j + x -> 1j - x", "f: return 1j + x -> return -(1j + x)"}),
        ("def f(c):\n    if c:\n        c = c", {"f: if c: -> if True:", "f: if c: -> if False:"}),
        ("def f(x):\n    return x[:, 0]", {"f: x[:, 0] -> x[:, 1]"}),
        ("def f(x):\n    x = 0", {"f: x = 0 -> x = 1"}),
        ("def f(x):\n    x = 0, x", {"f: x = (0, x) -> x = (1, x)"}),
        ("def f():\n    while True:\n        g = 'g'", {"f: while True: -> while False:"}),
        ("def f():\n    return g(axis=-1)", {"f: g(axis=-1) -> g()", "f: g(axis=-1) -> g(axis=0)"}),
        ("def f(x):\n    match x:\n        case 0: pass", {"f: 0 -> 1"}),
        ("class C:\n    def f(self, x):\n        return -x", {"C.f: -x -> x"}),
        ("def f(x):\n    def g():\n        return -x\n    return g", {"f.g: -x -> x"}),
        ("async def f(x):\n    return -x", {"f: -x -> x"}),
    ],
)
def test_an_id_names_the_function_and_what_changed(source: str, expected: set[str]) -> None:
    assert set(ids(source)) == expected


def test_the_same_change_twice_in_a_function_is_numbered() -> None:
    source = "def f(x):\n    y = {-x}\n    return {-x, y}\n\ndef g(x):\n    return {-x}"
    assert ids(source) == ["f: -x -> x", "f: -x -> x #2", "g: -x -> x"]


def test_ids_stay_the_same_when_other_code_is_edited() -> None:
    edited = LAYER.replace(
        "EPSILON = 1e-3", "EPSILON = 1e-3\n\n\ndef other(x):\n    # New.\n    return x + 1\n"
    )
    edited = edited.replace("    total, out =", "\n    # A comment.\n    total, out =")
    assert edited.count("\n") == LAYER.count("\n") + 8
    assert [change for change in ids(edited) if not change.startswith("other: ")] == ids(LAYER)


def test_a_mutant_compiles_and_differs_from_the_source_and_from_every_other() -> None:
    texts = [ast.unparse(ast.parse(LAYER))]
    for mutant in make_mutants(LAYER):
        compile(mutant.tree, mutant.id, "exec")
        texts.append(ast.unparse(mutant.tree))
    assert len(set(texts)) == len(texts)


def test_a_mutant_reads_as_what_it_is() -> None:
    for mutant in make_mutants(LAYER):
        assert ast.dump(ast.parse(ast.unparse(mutant.tree))) == ast.dump(mutant.tree)


def prose(tree: ast.Module) -> list[str]:
    """What no mutant may touch: docstrings, types, decorators, imports, raises, and the module's level."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            found.append(ast.get_docstring(node) or "")
            found += [ast.unparse(decorator) for decorator in getattr(node, "decorator_list", [])]
        if isinstance(node, ast.Raise | ast.Import | ast.ImportFrom):
            found.append(ast.unparse(node))
        annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
        found += [ast.unparse(annotation)] if annotation else []
    module_level = (statement for statement in tree.body if isinstance(statement, ast.Assign))
    return found + [ast.unparse(statement) for statement in module_level]


def test_no_mutant_changes_docstrings_types_raises_or_the_module_level() -> None:
    original = prose(ast.parse(LAYER))
    assert {"Make 3 projections.", "EPSILON = 0.001", "float", "import numpy as np"} <= set(original)
    assert all(prose(mutant.tree) == original for mutant in make_mutants(LAYER))


def test_ids_are_unique_and_one_line_each() -> None:
    found = ids(LAYER)
    assert len(set(found)) == len(found)
    assert not [change for change in found if "\n" in change]


def test_a_reference_gives_a_number_of_mutants_that_an_audit_can_run() -> None:
    assert 60 <= len(make_mutants(LAYER)) <= 200


def test_mutants_are_the_same_each_time_and_in_the_order_of_the_source() -> None:
    first, second = make_mutants(LAYER), make_mutants(LAYER)
    assert [mutant.id for mutant in first] == [mutant.id for mutant in second]
    assert [ast.dump(mutant.tree) for mutant in first] == [ast.dump(mutant.tree) for mutant in second]
    assert [mutant.line for mutant in first] == sorted(mutant.line for mutant in first)


def test_each_tree_is_nobody_elses() -> None:
    trees = [
        mutant.tree for mutant in make_mutants("def f():\n    return g(a + b, c) * -1") for _ in range(2)
    ]
    nodes = [id(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)]
    assert len(set(nodes)) == len(nodes)


def test_lines_are_those_of_the_source() -> None:
    source = "def f(x):\n    return g(\n        x,\n        2,\n        axis=0,\n    )\n"
    lines = {mutant.id: mutant.line for mutant in make_mutants(source)}
    assert lines["f: g(x, 2, axis=0) -> x"] == 2
    assert lines["f: g(x, 2, axis=0) -> g(x, 3, axis=0)"] == 4
    assert lines["f: g(x, 2, axis=0) -> g(x, 2, axis=1)"] == 5


def test_new_nodes_have_the_place_of_what_they_replace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "RULES", (mutation_rules.numbers,))
    source = "def f(x):\n    return g(\n        x,\n        -1,\n    )\n"
    for mutant in make_mutants(source):
        call = mutant.tree.body[0].body[0].value  # type: ignore[attr-defined]
        assert call.args[1].lineno == 4
        assert call.lineno == 2


def test_a_mutant_runs_with_its_error() -> None:
    source = "def f(x):\n    return 1.0 - x\n"
    results = {}
    for mutant in make_mutants(source):
        names: dict[str, object] = {}
        exec(compile(mutant.tree, mutant.id, "exec"), names)
        results[mutant.id] = names["f"](3.0)  # type: ignore[operator]
    assert results == {
        "f: return 1.0 - x -> return -(1.0 - x)": 2.0,
        "f: 1.0 - x -> 1.0 + x": 4.0,
        "f: 1.0 - x -> 2.0 - x": -1.0,
    }


def test_a_change_that_the_compiler_refuses_or_warns_of_is_no_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "RULES", (mutation_rules.operators, mutation_rules.dropped_calls))
    # `case a - 1j` is a pattern and `case a / 1j` none; `(1, 2)(x)` makes the compiler warn.
    assert ids("def f(x):\n    match x:\n        case 1 + 1j: pass") == ["f: 1 + 1j -> 1 - 1j"]
    assert "f: g((1, 2)) -> (1, 2)" not in ids("def f(x):\n    return g((1, 2))(x)")


def test_a_source_that_does_not_compile_is_refused() -> None:
    with pytest.raises(SyntaxError):
        make_mutants("def f(:\n    pass")
    with pytest.raises(SyntaxError, match="outside"):
        make_mutants("return 1")
