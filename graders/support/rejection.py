"""Observing that an implementation refuses bad arguments."""

from collections.abc import Callable
from typing import Any

from keras_kata import REJECTED


def rejected(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """`REJECTED` where the call refuses its arguments, else what it returns.

    ValueError, TypeError, AssertionError and every TensorFlow operation's error count as refusing. Other
    exceptions (IndexError, KeyError, AttributeError, ...) are mistakes in the code, and go on.
    """
    try:
        result = call(*arguments, **options)
    except (ValueError, TypeError, AssertionError):
        return REJECTED
    except Exception as error:  # TensorFlow's own tree, told by name so that it need not be imported
        if any(
            base.__name__ == "OpError" and base.__module__.startswith("tensorflow")
            for base in type(error).__mro__
        ):
            return REJECTED
        raise
    return "a Rejected object" if result is REJECTED else result
