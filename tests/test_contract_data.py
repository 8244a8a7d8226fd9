"""A contract as plain data."""
# ruff: noqa: ARG004, ARG005

import inspect
from typing import Any

import pytest

from keras_kata.contract_data import contract_from_data, contract_to_data
from keras_kata.errors import ContractError, WireError
from keras_kata.implementation import Contract
from keras_kata.wire import pack, unpack
from tests.support import table


class Layer:
    def __new__(cls, *arguments: Any, **options: Any) -> "Layer":
        return super().__new__(cls)

    def __init__(self, units: int, activation: Any = None) -> None:
        pass


def scaled(x: Any, /, factor: float = 2.0, *others: Any, name: str = "it's", **options: Any) -> None:
    pass


def guarded(x: Any, sentinel: Any = object()) -> None:  # noqa: B008
    pass


CONTRACT = Contract.of({"Layer": Layer, "scaled": scaled, "guarded": guarded})


def carried(contract: Contract) -> Contract:
    """The contract after a way through bytes."""
    return contract_from_data(unpack(pack(contract_to_data(contract))))


def refusal(contract: Contract, name: str, member: Any) -> str:
    try:
        contract.check(name, member)
    except ContractError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("name", "member"),
    table(
        [
            ("the member itself", "scaled", scaled),
            ("the class itself", "Layer", Layer),
            ("other names, same call", "scaled", lambda a, factor=1, *b, name=0, **c: None),
            ("too few parameters", "scaled", lambda: None),
            ("an option is missing", "scaled", lambda x, factor: None),
            ("not callable", "scaled", 3),
            ("a function for a class", "Layer", lambda units, activation=None: None),
            ("a class with another call", "Layer", type("Layer", (), {"__init__": lambda self: None})),
        ]
    ),
)
def test_it_checks_as_the_original_does_in_the_same_words(name: str, member: Any) -> None:
    assert refusal(carried(CONTRACT), name, member) == refusal(CONTRACT, name, member)


def test_members_keep_their_order_names_and_kinds() -> None:
    copy = carried(CONTRACT)
    assert list(copy.signatures) == ["Layer", "scaled", "guarded"]
    assert copy.is_class == CONTRACT.is_class
    kinds = [(p.name, p.kind) for p in copy.signatures["scaled"].parameters.values()]
    assert kinds == [(p.name, p.kind) for p in inspect.signature(scaled).parameters.values()]


def test_what_differs_between_processes_is_left_out() -> None:
    assert contract_to_data(CONTRACT)["guarded"]["parameters"][1][2] == "<object object>"


def test_a_contract_carried_twice_is_the_same_data() -> None:
    assert contract_to_data(carried(CONTRACT)) == contract_to_data(CONTRACT)


@pytest.mark.parametrize(
    "data",
    table(
        [
            ("no dict", []),
            ("a member without parameters", {"f": {"is_class": False}}),
            ("no name", {"f()": {"is_class": False, "parameters": []}}),
            ("is_class of another type", {"f": {"is_class": "yes", "parameters": []}}),
            ("an unknown kind", {"f": {"is_class": False, "parameters": [["x", "MAGIC", None]]}}),
            (
                "a parameter's name is code",
                {"f": {"is_class": False, "parameters": [["1", "KEYWORD_ONLY", None]]}},
            ),
            (
                "a default that is no text",
                {"f": {"is_class": False, "parameters": [["x", "KEYWORD_ONLY", 3]]}},
            ),
            (
                "a wrong order",
                {
                    "f": {
                        "is_class": False,
                        "parameters": [["x", "KEYWORD_ONLY", None], ["y", "POSITIONAL_ONLY", None]],
                    }
                },
            ),
        ]
    ),
)
def test_other_data_is_refused(data: Any) -> None:
    with pytest.raises(WireError, match="no contract"):
        contract_from_data(data)
