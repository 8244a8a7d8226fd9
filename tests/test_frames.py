"""Messages arrive whole, in time and within their size, or not at all."""

import socket
import struct
import threading
from collections.abc import Iterator
from time import monotonic

import pytest

from keras_kata.errors import WireError
from keras_kata.frames import Frames


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, Frames]]:
    other, ours = socket.socketpair()
    with other, ours:
        yield other, Frames(ours, 1000)


def test_messages_arrive_one_by_one(pair: tuple[socket.socket, Frames]) -> None:
    other, frames = pair
    theirs = Frames(other, 1000)
    for message in (b"one", b"", b"x" * 1000):
        theirs.send(message)
    assert [frames.receive(), frames.receive(), frames.receive()] == [b"one", b"", b"x" * 1000]


def test_a_large_message_passes_in_pieces() -> None:
    one, other = socket.socketpair()
    with one, other:
        message = bytes(range(256)) * 20_000
        sender = threading.Thread(target=Frames(one, 0).send, args=(message,))
        sender.start()
        assert Frames(other, len(message)).receive(monotonic() + 60) == message
        sender.join()


def test_a_message_that_is_too_large_is_refused_before_it_is_read(pair: tuple[socket.socket, Frames]) -> None:
    other, frames = pair
    other.sendall(struct.pack(">I", 1001))
    with pytest.raises(WireError, match="1,001 bytes, where 1,000 are allowed"):
        frames.receive()


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\5abc"])
def test_an_end_within_a_message_is_told(pair: tuple[socket.socket, Frames], sent: bytes) -> None:
    other, frames = pair
    other.sendall(sent)
    other.close()
    with pytest.raises(EOFError):
        frames.receive()


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\5abc"])
def test_a_message_that_does_not_come_in_time_is_given_up(
    pair: tuple[socket.socket, Frames], sent: bytes
) -> None:
    other, frames = pair
    other.sendall(sent)
    with pytest.raises(TimeoutError):
        frames.receive(monotonic() + 0.05)


def test_a_trickle_does_not_put_off_the_end(pair: tuple[socket.socket, Frames]) -> None:
    other, frames = pair
    ended = threading.Event()

    def trickle() -> None:
        other.sendall(struct.pack(">I", 1000))
        for _ in range(900):
            if ended.wait(0.02):
                return
            other.sendall(b"x")

    sender = threading.Thread(target=trickle)
    sender.start()
    with pytest.raises(TimeoutError):
        frames.receive(monotonic() + 0.3)
    ended.set()
    sender.join()


def test_what_nobody_reads_is_given_up(pair: tuple[socket.socket, Frames]) -> None:
    _, frames = pair
    with pytest.raises(TimeoutError):
        frames.send(b"x" * 50_000_000, monotonic() + 0.2)
