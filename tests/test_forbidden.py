"""Forbidden APIs: found in the text under any alias, caught when called, and nobody else disturbed."""

import ast
import inspect
import sys
import textwrap
import types

import numpy as np
import pytest

from keras_kata.errors import AuthoringError, ForbiddenUse, ImplementationError
from keras_kata.forbidden import find_uses
from keras_kata.tripwires import tripwires

FORBIDDEN = {"fake.layers.Dense": "Build it.", "fake.ops.softmax": "Write the formula."}
SYNONYMS = {"flow.fake": "fake"}
LEARNER = "submitted/ada/module1/affine.py"


def found(source, **options):
    """(last part of the API's name, line) of each use in a source text."""
    uses = find_uses(ast.parse(textwrap.dedent(source)), FORBIDDEN, SYNONYMS, **options)
    return [(use.name.split(".")[-1], use.line) for use in uses]


USES = {
    "full name": "import fake\nfake.layers.Dense(3)",
    "module alias": "import fake as k\nk.layers.Dense(3)",
    "submodule": "import fake.layers\nfake.layers.Dense(3)",
    "submodule alias": "import fake.layers as L\nL.Dense(3)",
    "from package": "from fake import layers as L\nL.Dense(3)",
    "from module": "from fake.layers import Dense as D\nD(3)",
    "star of the module": "from fake.layers import *\nDense(3)",
    "star of the package": "from fake import *\nlayers.Dense(3)",
    "other root": "import flow as tf\ntf.fake.layers.Dense(3)",
    "other root, from": "from flow.fake.layers import Dense\nDense(3)",
    "other root, keras": "from flow import fake as keras\nkeras.layers.Dense(3)",
    "other root, star": "from flow import *\nfake.layers.Dense(3)",
    "assigned module": "import fake; L = fake.layers\nL.Dense(3)",
    "assigned twice": "import fake; L = fake.layers; Dense = L.Dense\nDense(3)",
    "assigned in a chain": "import fake; a = Dense = fake.layers.Dense; a = 1\nDense(3)",
    "annotated assignment": "import fake; Dense: type = fake.layers.Dense\nDense(3)",
    "tuple assignment": "import fake; n, (L, o) = 3, (fake.layers, fake.ops)\nL.Dense(n)",
    "held in a tuple": "import fake; kinds = (fake.layers.Dense, int)\nkinds[0](3)",
    "walrus": "import fake\n(D := fake.layers.Dense)(3)",
    "walrus in a comprehension": "import fake\nx = [(_D := fake.layers) for _ in [1]]; _D.Dense(3)",
    "conditional": "import fake\n(fake.layers.Dense if 1 else int)(3)",
    "conditional alias": "import fake; _D = fake.layers.Dense if 1 else int\n_D(3)",
    "bound in a branch": "try:\n from fake.layers import Dense\nexcept ImportError: Dense = None\nDense(3)",
    "rebound in a branch": "from fake.layers import Dense\nif 0: Dense = int\nelse: Dense(3)",
    "local import": "def f():\n from fake.layers import Dense; Dense(3)",
    "local alias": "import fake\ndef f(): L = fake.layers; return L.Dense(3)",
    "alias of the outer function": "import fake\ndef f():\n L = fake.layers\n def g(): L.Dense(3)",
    "bound after the function": "def f():\n return L.Dense(3)\nfrom fake import layers as L",
    "global": "def f():\n global L; from fake import layers as L\ndef g(): L.Dense(3)",
    "method": "import fake\nclass A:\n def f(self): return fake.layers.Dense(3)",
    "class attribute": "import fake\nclass A: kind = fake.layers.Dense",
    "class body alias": "import fake\nclass A: L = fake.layers; layer = L.Dense(3)",
    "own attribute": "import fake\nclass A:\n def f(self): self.kind = fake.layers.Dense",
    "subclass": "import fake\nclass Affine(fake.layers.Dense): pass",
    "default argument": "import fake\ndef f(kind=fake.layers.Dense): return kind(3)",
    "keyword default": "import fake\ndef f(*, kind=fake.layers.Dense): return kind(3)",
    "lambda": "import fake\nf = lambda units: fake.layers.Dense(units)",
    "argument": "import fake\nlist(map(fake.layers.Dense, [3]))",
    "returned": "import fake\ndef f(): return fake.layers.Dense",
    "loop": "import fake\nfor kind in [fake.layers.Dense]: kind(3)",
    "comprehension": "import fake\n[fake.layers.Dense(n) for n in range(3)]",
    "class method": "import fake\nfake.layers.Dense.from_config({})",
    "getattr": "import fake\ngetattr(fake.layers, 'Dense')(3)",
    "getattr twice": "import fake\ngetattr(getattr(fake, 'layers'), 'Dense', None)(3)",
    "renamed getattr": "import fake, builtins; get = builtins.getattr\nget(fake.layers, 'Dense')(3)",
    "vars": "import fake\nvars(fake.layers)['Dense'](3)",
    "__dict__": "import fake\nfake.layers.__dict__['Dense'](3)",
    "importlib": "import importlib\nimportlib.import_module('fake.layers').Dense(3)",
    "import_module": "from importlib import import_module as load\nload('fake').layers.Dense(3)",
    "__import__": "\n__import__('fake').layers.Dense(3)",
    "__import__ with fromlist": "\n__import__('fake.layers', fromlist=['Dense']).Dense(3)",
    "made to be looked at": "import fake\nisinstance(fake.layers.Dense(3), int)",
}

NO_USES = {
    "import only": "from fake.layers import Dense",
    "alias that is not used": "import fake\nDense = fake.layers.Dense",
    "another layer": "import fake\nfake.layers.Denser(3)\nfake.layers.Activation('softmax')",
    "docstring": '"""Like fake.layers.Dense(3)."""',
    "string": "import fake\nnames = ['Dense', 'fake.layers.Dense']",
    "comment": "import fake\n# fake.layers.Dense(3)",
    "own class": "import fake\nclass Dense(fake.layers.Layer): pass\nDense(3)",
    "own class after the import": "from fake.layers import Dense\nclass Dense: pass\nDense(3)",
    "own class used before": "from fake.layers import *\ndef f(): return Dense(3)\nclass Dense: pass",
    "own function": "def softmax(x): return softmax(x)",
    "own attribute": "import fake\nclass A:\n def f(self): self.Dense = 1; return self.Dense",
    "own import": "from .layers import Dense\nDense(3)",
    "relative namesake": "from .fake.layers import Dense\nDense(3)",
    "parameter": "from fake import layers\ndef f(layers): return layers.Dense(3)",
    "star parameters": "from fake import layers\ndef f(*layers, **k): return layers.Dense(3)",
    "local variable": "from fake import ops\ndef f(x): ops = x; return ops.softmax(x)",
    "local before it is bound": "from fake import ops\ndef f(x):\n  ops.softmax\n  ops = x",
    "loop variable": "from fake import layers\ndef f(x):\n for layers in x: layers.Dense(3)",
    "comprehension variable": "from fake import layers\n[layers.Dense for layers in []]",
    "with variable": "from fake import ops\nwith open('') as ops: ops.softmax()",
    "except variable": "from fake import ops\ndef f():\n try: g()\n except ValueError as ops: ops.softmax()",
    "pattern variable": "from fake import ops\ndef f(x):\n match x:\n  case [ops, *_]: ops.softmax()",
    "lambda parameter": "from fake import ops\nf = lambda ops: ops.softmax(1)",
    "rebound": "from fake.ops import softmax\nsoftmax = 3\nsoftmax",
    "swapped": "import fake\nL, own = fake.layers, object()\nL, own = own, L\nL.Dense",
    "rebound in both branches": "from fake.ops import softmax\nif 1: softmax = 1\nelse: softmax = 2\nsoftmax",
    "deleted": "from fake.ops import softmax\ndel softmax",
    "class name out of sight": "import fake\nclass A:\n from fake import ops as o\n def f(self): o.softmax()",
    "isinstance": "import fake\nisinstance(1, fake.layers.Dense)",
    "isinstance of several": "import fake\nisinstance(1, (int, fake.layers.Dense))",
    "isinstance of a union": "import fake\nisinstance(1, int | fake.layers.Dense)",
    "isinstance of named kinds": "import fake\nkinds = (int, fake.layers.Dense)\nisinstance(1, kinds)",
    "issubclass": "from fake.layers import Dense\nissubclass(int, Dense)",
    "comparison": "import fake\ntype(1) is fake.layers.Dense or int in (fake.layers.Dense, str)",
    "class pattern": "import fake\nmatch 1:\n case fake.layers.Dense(): pass",
    "value pattern": "import fake\nmatch int:\n case fake.layers.Dense: pass",
    "annotation": "import fake\ndef f(x: fake.layers.Dense) -> fake.layers.Dense: y: fake.layers.Dense = x",
    "hasattr": "import fake\nhasattr(fake.layers, 'Dense')",
    "own getattr": "import fake\ndef getattr(a, b): return a\ngetattr(fake.layers, 'Dense')",
    "dict of one's own": "layers = {}\nlayers['Dense'](3)",
    "namesake elsewhere": "import other\nother.layers.Dense(3); other.fake.layers.Dense(3)",
}


@pytest.mark.parametrize("name", USES)
def test_a_use_is_found_under_any_alias(name):
    assert [api for api, _ in found(USES[name])] == ["Dense"]


@pytest.mark.parametrize("name", NO_USES)
def test_a_right_answer_is_not_accused(name):
    assert found(NO_USES[name]) == []


def test_a_use_names_the_line_and_the_advice():
    [use] = find_uses(ast.parse("import fake\n\nx = fake.ops.softmax(1) + fake.ops.softmax(2)"), FORBIDDEN)
    assert (use.name, use.line, use.advice) == ("fake.ops.softmax", 3, "Write the formula.")


def test_uses_come_in_the_order_of_lines():
    source = "import fake\ndef f(): fake.ops.softmax(1)\nfake.layers.Dense(3)\nfake.ops.softmax(2)"
    assert found(source) == [("softmax", 2), ("Dense", 3), ("softmax", 4)]


@pytest.mark.parametrize(
    "source",
    [
        "import fake\nAffine = fake.layers.Dense",
        "\nfrom fake.layers import Dense as Affine",
        "import fake\nAffine = fake.layers.Dense if fake else int",
        "import fake\ndef f(): global Affine; Affine = fake.layers.Dense",
    ],
)
def test_a_member_that_is_a_forbidden_api_is_a_use(source):
    assert found(source, members=["Affine"]) == [("Dense", 2)]
    assert found(source, members=["Linear"]) == []


def test_a_member_that_is_the_learners_own_is_none():
    source = "from fake.layers import Dense\nclass Dense: pass\ndef f(): Affine = Dense"
    assert found(source, members=["Dense", "Affine"]) == []


def test_a_forbidden_module_stands_for_all_in_it():
    source = "from zoo import nets\nfrom zoo.nets import small\nsmall()\nnets.large()"
    uses = find_uses(ast.parse(source), {"zoo.nets": "Build it."})
    assert [use.line for use in uses] == [3, 4]


def test_nothing_forbidden_is_nothing_found():
    assert find_uses(ast.parse("import fake\nfake.layers.Dense(3)"), {}) == []


def test_too_deep_an_expression_is_the_files_fault():
    tree = ast.Module([ast.Expr(ast.Name("x", ast.Load()))], [])
    for _ in range(5000):
        tree.body[0].value = ast.UnaryOp(ast.Not(), tree.body[0].value)
    with pytest.raises(ImplementationError, match="nested too deeply"):
        find_uses(tree, FORBIDDEN)


LIBRARY = """
import functools

class Layer:
    def __init__(self, name=None): self.name = name

class Dense(Layer):
    def __init__(self, units, *, bias=True): super().__init__("dense"); self.units = units
    def scale(self, x): return x * self.units
    @classmethod
    def from_config(cls, config): return cls(**config)

class Attention(Layer):
    def __init__(self): super().__init__(); self.inner = Dense(8)

class Plain:
    pass

class Inherits(Layer):
    pass

def softmax(x, axis=-1): return ("softmax", x, axis)

def loss(x): return softmax(x)
"""


@pytest.fixture
def fake(monkeypatch):
    """A library of one file behind public modules, as Keras has it."""
    names = ["fake", "fake.layers", "fake.ops", "fake.src", "flow"]
    modules = {name: types.ModuleType(name) for name in names}
    fake, layers, ops, src, flow = modules.values()
    exec(compile(LIBRARY, "fake/src.py", "exec"), vars(src))
    fake.layers, fake.ops, fake.src, flow.fake = layers, ops, src, fake
    for name in ("Layer", "Dense", "Attention", "Plain", "Inherits"):
        setattr(layers, name, getattr(src, name))
    ops.softmax, ops.loss, fake.VERSION = src.softmax, src.loss, "1"
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return fake


def run(source, filename=LEARNER, **names):
    """The names that code leaves when it runs as the file `filename`."""
    exec(compile(textwrap.dedent(source), filename, "exec"), names)
    return names


TRIPS = {
    "plain call": "import fake; fake.layers.Dense(3)",
    "computed name": "import fake; getattr(fake.layers, 'De' + 'nse')(3)",
    "private path": "from fake.src import Dense; Dense(3)",
    "search": "import fake; [k for k in fake.layers.Layer.__subclasses__() if k.__name__ == 'Dense'][0](3)",
    "in a function": "import fake\ndef f(): return fake.layers.Dense(3)\nf()",
    "in a comprehension": "import fake; [fake.layers.Dense(n) for n in [3]]",
    "by C code": "import fake; list(map(fake.layers.Dense, [3]))",
    "by partial": "import fake, functools; functools.partial(fake.layers.Dense, 3)()",
    "by exec": "import fake; exec('fake.layers.Dense(3)')",
    "by eval elsewhere": "import fake; eval('Dense(3)', {'Dense': fake.layers.Dense})",
    "subclass": "import fake\nclass A(fake.layers.Dense):\n def __init__(s): super().__init__(3)\nA()",
    "subclass as it is": "import fake\nclass A(fake.layers.Dense): pass\nA(3)",
    "function": "from fake.ops import softmax as f; f(1)",
    "function by its private path": "import fake.src; fake.src.softmax(1)",
    "other root": "import flow; flow.fake.ops.softmax(1)",
    "by a thread": """
        import fake, threading
        caught = []
        def f():
            try: fake.layers.Dense(3)
            except BaseException as error: caught.append(error)
        thread = threading.Thread(target=f); thread.start(); thread.join()
        raise caught[0]
        """,
}


@pytest.mark.parametrize("name", TRIPS)
def test_a_call_from_the_learners_file_trips(fake, name):
    with tripwires(FORBIDDEN, LEARNER, SYNONYMS) as trips, pytest.raises(ForbiddenUse):
        run(TRIPS[name])
    assert len(trips.uses) == 1


UNTOUCHED = {
    "library's own use of a class": "import fake; fake.layers.Attention().inner.units",
    "library's own use of a function": "import fake; fake.ops.loss(1)",
    "another layer": "import fake; fake.layers.Layer()",
    "only looked at": "import fake; isinstance(fake.layers.Layer(), fake.layers.Dense)",
    "own namesake": "class Dense: pass\nDense()",
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_other_calls_from_the_learners_file_go_through(fake, name):
    with tripwires(FORBIDDEN, LEARNER, SYNONYMS) as trips:
        run(UNTOUCHED[name])
    assert trips.uses == []


def test_the_same_calls_from_another_file_go_through(fake):
    with tripwires(FORBIDDEN, LEARNER) as trips:
        run("import fake; assert fake.layers.Dense(3, bias=False).units == 3", "solutions/reference.py")
        run("import fake; assert fake.ops.softmax(1, axis=0) == ('softmax', 1, 0)", "solutions/reference.py")
    assert trips.uses == []


def test_code_of_another_file_may_be_called_by_the_learner(fake):
    helper = run("import fake\ndef make(): return fake.layers.Dense(3)", "graders/support.py")["make"]
    with tripwires(FORBIDDEN, LEARNER):
        assert run("layer = make()", make=helper)["layer"].units == 3


def test_a_trip_says_what_and_where_even_if_it_is_swallowed(fake):
    with tripwires(FORBIDDEN, LEARNER) as trips:
        run(
            "import fake\ntry:\n fake.layers.Dense(3)\nexcept: pass\n\ntry: fake.ops.softmax(1)\nexcept: pass"
        )
    assert [(use.name, use.line) for use in trips.uses] == [("fake.layers.Dense", 3), ("fake.ops.softmax", 6)]


def test_the_message_names_the_api_and_what_to_do(fake):
    with (
        tripwires(FORBIDDEN, LEARNER),
        pytest.raises(ForbiddenUse, match=r"^fake\.layers\.Dense: Build it\.$"),
    ):
        run(TRIPS["plain call"])


def test_except_exception_does_not_swallow_a_trip(fake):
    with tripwires(FORBIDDEN, LEARNER), pytest.raises(ForbiddenUse):
        run("import fake\ntry: fake.layers.Dense(3)\nexcept Exception: pass")


def snapshot():
    """All that guards might change, by identity."""
    modules = [sys.modules[name] for name in ("fake", "fake.layers", "fake.ops", "fake.src", "flow")]
    classes = [value for value in vars(sys.modules["fake.src"]).values() if isinstance(value, type)]
    return [(owner, dict(vars(owner))) for owner in (*modules, *classes)]


ALL_KINDS = {
    **FORBIDDEN,
    "fake.layers.Inherits": "It has no __init__ of its own.",
    "fake.layers.Dense.scale": "A method.",
    "fake.layers.Dense.from_config": "A class method.",
    "fake.layers.Attention.missing": "Not there.",
    "fake.VERSION": "Can't be called.",
    "fake.layers": "A module.",
    "absent.layers.Dense": "Not imported.",
}


def test_everything_is_restored(fake):
    before = snapshot()
    with tripwires(ALL_KINDS, LEARNER, SYNONYMS):
        assert snapshot() != before
    assert snapshot() == before


def test_everything_is_restored_after_an_error(fake):
    before = snapshot()
    with pytest.raises(ForbiddenUse), tripwires(ALL_KINDS, LEARNER):
        run(TRIPS["plain call"])
    assert snapshot() == before
    run(TRIPS["plain call"])


def test_an_inner_context_leaves_the_outer_one_as_it_was(fake):
    before = snapshot()
    with tripwires(ALL_KINDS, "other.py"):
        middle = snapshot()
        with tripwires(FORBIDDEN, LEARNER):
            assert snapshot() != middle
        assert snapshot() == middle
    assert snapshot() == before


def test_everything_is_restored_when_learner_code_removes_a_guard(fake):
    before = snapshot()
    with tripwires({"fake.layers.Inherits": "Build it."}, LEARNER):
        del fake.layers.Inherits.__init__
    assert snapshot() == before


def test_nothing_is_guarded_when_a_later_name_cannot_be(fake):
    before = snapshot()
    with (
        pytest.raises(AuthoringError, match=r"fake\.layers\.Plain has no __init__"),
        tripwires({**FORBIDDEN, "fake.layers.Plain": "Build it."}, LEARNER),
    ):
        pass
    assert snapshot() == before


def test_an_extension_type_cannot_be_guarded():
    with (
        pytest.raises(AuthoringError, match="can't guard __init__"),
        tripwires({"builtins.list": ""}, LEARNER),
    ):
        pass


def test_nested_contexts_of_two_files_are_both_kept(fake):
    with tripwires(FORBIDDEN, "outer.py") as outer, tripwires(FORBIDDEN, LEARNER) as inner:
        for filename in ("outer.py", LEARNER):
            with pytest.raises(ForbiddenUse):
                run("import fake; fake.ops.softmax(1)", filename)
    assert (len(outer.uses), len(inner.uses)) == (1, 1)


def test_methods_and_class_methods_can_be_forbidden(fake):
    source = (
        "import fake\ndef scale(layer): return layer.scale(2)\ndef make(): fake.layers.Dense.from_config({})"
    )
    names = run(source)
    with tripwires(ALL_KINDS, LEARNER) as trips:
        for call in (lambda: names["scale"](fake.layers.Dense(3)), names["make"]):
            with pytest.raises(ForbiddenUse):
                call()
    assert [use.name for use in trips.uses] == ["fake.layers.Dense.scale", "fake.layers.Dense.from_config"]


def test_an_inherited_initializer_is_guarded_for_that_class_only(fake):
    with tripwires({"fake.layers.Inherits": "Build it."}, LEARNER):
        run("import fake; fake.layers.Layer()")
        with pytest.raises(ForbiddenUse):
            run("import fake; fake.layers.Inherits()")


def test_a_module_loaded_in_one_context_trips_in_the_next(fake):
    with tripwires(FORBIDDEN, LEARNER):
        names = run("import fake\nf = getattr(fake.ops, 'soft' + 'max')\ndef use(): return f(1)")
    assert names["use"]() == ("softmax", 1, -1)
    with tripwires(FORBIDDEN, LEARNER) as trips, pytest.raises(ForbiddenUse):
        names["use"]()
    assert len(trips.uses) == 1


def test_a_guard_looks_like_what_it_guards(fake):
    def looks():
        kind, function = fake.layers.Dense, fake.ops.softmax
        return (
            inspect.signature(kind),
            inspect.getfullargspec(kind.__init__),
            inspect.getfullargspec(function),
            function.__name__,
            function.__module__,
            kind.__init__.__qualname__,
        )

    before = looks()
    with tripwires(FORBIDDEN, LEARNER):
        assert looks() == before


def test_nothing_is_imported(monkeypatch):
    lazy = types.ModuleType("lazy")
    lazy.__getattr__ = lambda name: pytest.fail(f"looked for {name}")
    monkeypatch.setitem(sys.modules, "lazy", lazy)
    with tripwires({"lazy.layers.Dense": "", "wave.open": ""}, LEARNER):
        assert "wave" not in sys.modules


@pytest.mark.tensorflow
def test_keras_itself_can_be_guarded(tmp_path):
    pytest.importorskip("keras")
    learner_file, other_file = tmp_path / "learner.py", tmp_path / "reference.py"
    source = """
        import keras, numpy as np, tensorflow as tf
        from keras.layers import Dense as D
        x = np.ones((1, 4, 2), "float32")

        def allowed(): return keras.layers.MultiHeadAttention(2, 2)(x, x)
        def dense(): return D(3)
        def einsum(): return keras.layers.EinsumDense("abc,cd->abd", (4, 3))
        def softmax(): return keras.ops.softmax(x)
        class Block(keras.layers.Layer):
            def call(self, x): return keras.layers.Dense(3)(x)
        def inside(): return keras.Model(i := keras.Input((4, 2)), Block()(i))
        @tf.function
        def graph(x):
            if tf.reduce_sum(x) > 0: return keras.ops.softmax(x)
            return x
        """
    names = ("keras.layers.Dense", "keras.layers.EinsumDense", "keras.ops.softmax")
    for path in (learner_file, other_file):  # TensorFlow reads the source of what it makes a graph of
        path.write_text(textwrap.dedent(source))
    learner, other = (run(source, str(path), __file__=str(path)) for path in (learner_file, other_file))
    with tripwires(
        dict.fromkeys(names, "Build it."), str(learner_file), {"tensorflow.keras": "keras"}
    ) as trips:
        learner["allowed"]()
        config = other["dense"]().get_config()
        other["einsum"](), other["softmax"](), other["inside"](), other["graph"](np.ones((2, 2)))
        assert trips.uses == []
        for use in ("dense", "einsum", "softmax", "inside"):
            with pytest.raises(ForbiddenUse):
                learner[use]()
        with pytest.raises(ForbiddenUse):
            learner["graph"](np.ones((2, 2)))
    assert [use.name for use in trips.uses] == [*names, "keras.layers.Dense", "keras.ops.softmax"]
    assert config["units"] == learner["dense"]().get_config()["units"] == 3
