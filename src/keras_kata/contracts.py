"""An exercise's contract as plain data, for a process in which the reference must never be."""

import inspect
from typing import Any

from keras_kata.errors import WireError
from keras_kata.implementation import Contract

__all__ = ["contract_of", "contract_to_plain"]

_KINDS = {str(int(kind)): kind for kind in inspect._ParameterKind}


class _Written:
    """A default of which only the text is known."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def contract_to_plain(contract: Contract) -> list[list[Any]]:
    """Each member's name, whether it is a class, and its parameters: name, kind, text of the default or None."""
    return [
        [name, contract.is_class[name], [_parameter_to_plain(p) for p in signature.parameters.values()]]
        for name, signature in contract.signatures.items()
    ]


def contract_of(data: Any) -> Contract:
    """The contract that `contract_to_plain` wrote; defaults are known by their text only.

    Raises:
        WireError: the data is of another form.
    """
    try:
        members = [(name, bool(is_class), [_parameter(*p) for p in given]) for name, is_class, given in data]
        return Contract(
            {name: inspect.Signature(parameters) for name, _, parameters in members},
            {name: is_class for name, is_class, _ in members},
        )
    except (TypeError, ValueError, KeyError) as error:
        raise WireError(f"no contract: {error}") from None


def _parameter_to_plain(parameter: inspect.Parameter) -> list[Any]:
    default = None if parameter.default is parameter.empty else repr(parameter.default)
    return [parameter.name, str(int(parameter.kind)), default]


def _parameter(name: str, kind: str, default: str | None) -> inspect.Parameter:
    given = inspect.Parameter.empty if default is None else _Written(default)
    return inspect.Parameter(name, _KINDS[kind], default=given)
