"""Grading on a Dask cluster: the same units of work, carried out by processes on many machines."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from keras_kata.errors import ServerError

__all__ = ["DaskCrew"]

_LONGEST_CONNECT = "30s"


class DaskCrew:
    """The workers of a Dask cluster. A context manager; the cluster goes on without us.

    Every worker needs the course in the same folder and the same versions of all packages. One that dies is
    replaced by the cluster, and what it did is done again elsewhere.

    Args:
        address: of the scheduler, such as `tcp://scheduler:8786`.

    Raises:
        ServerError: there is no scheduler at this address, or it has no workers.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise ServerError("grading on a cluster needs `pip install keras-kata[dask]`") from None
        try:
            make: Any = distributed.Client  # it is not typed
            self._client = make(address, timeout=_LONGEST_CONNECT)
        except (OSError, ValueError) as error:
            raise ServerError(f"no Dask scheduler answers at {address}: {error}") from None
        self.size = sum(worker["nthreads"] for worker in self._client.scheduler_info(-1)["workers"].values())
        if not self.size:
            self._client.close()
            raise ServerError(f"the Dask cluster at {address} has no workers; start some with `dask worker`")
        self._executor = self._client.get_executor(pure=False)

    def __enter__(self) -> "DaskCrew":
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    def submit(self, function: Callable[..., object], *arguments: object) -> "Future[Any]":
        """Have a function carried out by some worker."""
        future: Future[Any] = self._executor.submit(function, *arguments)
        return future

    def renew(self) -> None:
        """Nothing: the cluster replaces what dies."""
