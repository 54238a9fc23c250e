"""A client's words, waited for no longer than is fair."""

import io
import socket
import time
from typing import Any


class Patience(io.RawIOBase):
    """A connection to read from until a moment that is set anew for each request, however slowly the bytes drip.

    A timeout of the socket alone would begin again with every byte.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until_s = 0.0

    def wait(self, seconds: float) -> None:
        """Allow so much time from now on."""
        self._until_s = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what has come; 0 at the end. Raises TimeoutError when the time is over."""
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._connection.settimeout(left_s)
        return self._connection.recv_into(buffer)
