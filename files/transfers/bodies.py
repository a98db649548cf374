"""The bytes of a request, as `actions` takes them."""

from django.http import HttpRequest
from gunicorn.http.body import LengthReader

from files.transfers.actions import Body

STEP = 64 * 1024


def body_of(request: HttpRequest) -> Body:
    reader = getattr(request.environ.get("wsgi.input"), "reader", None)
    return _Straight(reader) if isinstance(reader, LengthReader) else _Handed(request)


class _Straight:
    """From the connection into the memory it is used from.

    By way of `read`, gunicorn copies every byte three times, which takes a third as long as
    hashing it. It has to be told how much of the body is left, so that it finds the next request
    on the same connection.
    """

    def __init__(self, reader: LengthReader) -> None:
        self._reader = reader

    def readinto(self, room: memoryview) -> int:
        came = self._ahead(room) or self._reader.unreader.sock.recv_into(room)
        self._reader.length -= came
        return came

    def _ahead(self, room: memoryview) -> int:
        """What came together with the headers."""
        ahead = self._reader.unreader.take_buffered()
        came = min(len(ahead), len(room))
        room[:came] = ahead[:came]
        if ahead[came:]:
            self._reader.unreader.unread(ahead[came:])
        return came


class _Handed:
    """From any other server, as it hands it over."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def readinto(self, room: memoryview) -> int:
        piece = self._request.read(min(len(room), STEP))
        room[: len(piece)] = piece
        return len(piece)
