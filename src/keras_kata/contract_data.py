"""A contract as plain data, for a process that checks a file without having the reference."""

import inspect
import re
from dataclasses import dataclass
from typing import Any

from keras_kata.errors import WireError
from keras_kata.implementation import Contract

__all__ = ["contract_from_data", "contract_to_data"]

_KINDS = {
    kind.name: kind
    for kind in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
        inspect.Parameter.KEYWORD_ONLY,
        inspect.Parameter.VAR_KEYWORD,
    )
}
_LONGEST_DEFAULT = 40  # characters; a message shows no more of it


@dataclass(frozen=True)
class _Default:
    """Stands for a parameter's default: only that there is one, and how it is written, is asked for."""

    text: str

    def __repr__(self) -> str:
        return self.text


def contract_to_data(contract: Contract) -> dict[str, Any]:
    """What `contract_from_data` makes the same contract of: dicts, lists and text alone.

    Returns:
        For each member `is_class` and `parameters`, each a list of name, kind (`KEYWORD_ONLY`, ...) and the
        text of the default or None. The same contract gives equal data in every process.
    """
    return {
        name: {
            "is_class": contract.is_class[name],
            "parameters": [_parameter_to_data(parameter) for parameter in signature.parameters.values()],
        }
        for name, signature in contract.signatures.items()
    }


def contract_from_data(data: Any) -> Contract:
    """The contract that `contract_to_data` was given; it checks members as that one does, in the same words.

    Raises:
        WireError: the data is no contract.
    """
    try:
        signatures = {
            _identifier(name): inspect.Signature([_parameter(*items) for items in member["parameters"]])
            for name, member in data.items()
        }
        is_class = {name: member["is_class"] for name, member in data.items()}
        if not all(isinstance(value, bool) for value in is_class.values()):
            raise ValueError("is_class is neither true nor false")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WireError(
            f"this is no contract of an exercise: {type(error).__name__}: {error!s:.200}"
        ) from None
    return Contract(signatures, is_class)


def _parameter_to_data(parameter: inspect.Parameter) -> list[Any]:
    has_default = parameter.default is not parameter.empty
    return [parameter.name, parameter.kind.name, _text(parameter.default) if has_default else None]


def _text(default: Any) -> str:
    """How a default is written, without an address, which differs from process to process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(default))[:_LONGEST_DEFAULT]


def _parameter(name: str, kind: str, default: str | None) -> inspect.Parameter:
    if not isinstance(default, str | None):
        raise ValueError("a default is no text")
    value = inspect.Parameter.empty if default is None else _Default(default)
    return inspect.Parameter(_identifier(name), _KINDS[kind], default=value)


def _identifier(name: str) -> str:
    if not isinstance(name, str) or not name.isidentifier():
        raise ValueError(f"{name!r:.60} is no name")
    return name
