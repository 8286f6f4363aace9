"""A cable between two TCP ports that can be slow, stand still, or be pulled in the middle."""

import socket
import threading
import time
from contextlib import suppress

CHUNK = 4096


class Cable:
    """Forwards connections from its own port to another. `rate`: bytes a second, 0 is as fast as it goes.

    `cut_after`: it is pulled when so many bytes have gone through in one direction, 0 is never.
    """

    def __init__(self, port: int, *, rate: int = 0, cut_after: int = 0) -> None:
        self.rate, self.cut_after, self.is_still = rate, cut_after, False
        self._target = port
        self._ends: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._admit, daemon=True).start()

    def pull(self) -> None:
        """Cut all that is connected; new connections are taken."""
        for end in tuple(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def close(self) -> None:
        """Pull it and take no new connections."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.pull()

    def _admit(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._door.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    near.close()
                    continue
                self._ends |= {near, far}
                if self._door.fileno() < 0:  # closed meanwhile
                    self.pull()
                    return
                for end in (near, far):
                    with suppress(OSError):
                        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        carried = 0
        with suppress(OSError):
            while chunk := one.recv(CHUNK):
                while self.is_still:
                    time.sleep(0.01)
                other.sendall(chunk)
                carried += len(chunk)
                if self.rate:
                    time.sleep(len(chunk) / self.rate)
                if self.cut_after and carried > self.cut_after:
                    self.cut_after = 0
                    self.pull()
                    return
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._ends.discard(end)
