"""A mail server that takes what it is given, or falls silent when it has been given it all."""

import socketserver
import threading
from typing import Any


class _Talk(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        self.say("220 here")
        for line in self.rfile:
            word = line[:4].strip().upper()
            if word == b"DATA":
                self.say("354 go on")
                self.take()
            elif word == b"QUIT":
                self.say("221 bye")
                break
            else:
                self.say("250 fine")

    def take(self) -> None:
        message = b"".join(iter(self.rfile.readline, b".\r\n"))
        self.server.messages.append(message.decode())
        self.server.given.set()
        if self.server.silent:
            self.rfile.readline()  # until the other end is gone
        else:
            self.say("250 taken")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, *, silent: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.silent = silent
        self.messages: list[str] = []
        self.given = threading.Event()

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_how: Any) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"
