"""Bytes straight from the connection, as gunicorn leaves it to us."""

import socket

import pytest
from gunicorn.config import Config
from gunicorn.http.body import LengthReader
from gunicorn.http.parser import RequestParser

from files.transfers.bodies import body_of

NEXT = b"GET /next HTTP/1.1\r\nHost: here\r\n\r\n"
LONG = bytes(range(256)) * 200  # more than gunicorn reads together with the headers


@pytest.fixture
def line():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def parse(line, rf):
    """gunicorn's parser, having read the headers of one request; that request; the parser."""
    ours, theirs = line
    theirs.settimeout(5)

    def parse(sent, *, length):
        head = f"PATCH / HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n"
        theirs.sendall(head.encode() + sent)
        parser = RequestParser(Config(), ours, ("127.0.0.1", 1))
        request = rf.generic("PATCH", "/")
        request.environ["wsgi.input"] = next(parser).body
        return request, parser

    return parse


def read(body, size):
    """As much as comes, up to that size."""
    room, came = memoryview(bytearray(size)), 0
    while came < size and (more := body.readinto(room[came:])):
        came += more
    return bytes(room[:came])


@pytest.mark.parametrize("sent", [b"0123456789" * 2, LONG])
def test_every_byte_comes_and_gunicorn_copies_none(parse, monkeypatch, sent):
    request, parser = parse(sent + NEXT, length=len(sent))
    monkeypatch.setattr(LengthReader, "read", None)
    body = body_of(request)
    assert read(body, 8) + read(body, len(sent) - 8) == sent
    monkeypatch.undo()
    assert next(parser).path == "/next"


@pytest.mark.parametrize("sent", [b"0123456789" * 2, LONG])
def test_what_was_not_read_is_not_taken_for_the_next_request(parse, sent):
    request, parser = parse(sent + NEXT, length=len(sent))
    assert read(body_of(request), 10) == sent[:10]
    assert next(parser).path == "/next"


def test_a_line_that_ends_says_so(parse, line):
    request, _parser = parse(b"0123456789", length=100)
    line[1].close()
    assert read(body_of(request), 100) == b"0123456789"


def test_another_server_hands_the_bytes_over(rf):
    body = body_of(rf.generic("PATCH", "/", b"0123456789"))
    assert [read(body, 4), read(body, 100)] == [b"0123", b"456789"]
