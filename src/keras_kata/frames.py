"""Messages between two processes over a stream socket: each is its length and that many bytes."""

import socket
import struct
from time import monotonic

from keras_kata.errors import WireError

__all__ = ["Frames"]

_LENGTH = struct.Struct(">I")
_PIECE = 1 << 20


class Frames:
    """Both directions of one socket.

    Args:
        connection: a connected stream socket.
        most_bytes: what the other side may send in one message.
    """

    def __init__(self, connection: socket.socket, most_bytes: int) -> None:
        self._connection = connection
        self._most_bytes = most_bytes

    def send(self, data: bytes, due: float | None = None) -> None:
        """Send a message.

        Args:
            due: when to give up, in seconds of `time.monotonic`; None waits for as long as it takes.

        Raises:
            TimeoutError: the other side did not read it in time.
            OSError: the other side is gone.
        """
        for part in (_LENGTH.pack(len(data)), data):
            self._wait_at_most(due)
            self._connection.sendall(part)

    def receive(self, due: float | None = None) -> bytes:
        """The next message.

        Raises:
            TimeoutError: it was not there in time.
            EOFError: the other side has ended.
            WireError: it is larger than allowed.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, due))
        if length > self._most_bytes:
            raise WireError(f"a message of {length:,} bytes, where {self._most_bytes:,} are allowed")
        return self._exactly(length, due)

    def close(self) -> None:
        """Close the socket."""
        self._connection.close()

    def _exactly(self, length: int, due: float | None) -> bytes:
        data = bytearray()
        while len(data) < length:
            self._wait_at_most(due)
            try:
                piece = self._connection.recv(min(_PIECE, length - len(data)))
            except ConnectionError:
                piece = b""
            if not piece:
                raise EOFError("the other side has ended")
            data += piece
        return bytes(data)

    def _wait_at_most(self, due: float | None) -> None:
        if due is None:
            self._connection.settimeout(None)
            return
        left = due - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
