import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.system import ROOT
from tests.deploy import compose
from tests.deploy.waiting import eventually


@dataclass
class Stack:
    """Compose's services on this machine: the same commands in the same environment, except
    for the addresses that only exist between containers."""

    services: dict[str, Any]
    instead: dict[str, str]
    port: int

    def environment(self, name: str) -> dict[str, str]:
        programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {
            "PATH": programs,
            "HOME": self.instead["SIGNPOST_DATA_DIR"],
            "HOSTNAME": socket.gethostname(),
            **self.services[name]["environment"],
            **self.instead,
        }

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        return self._run(name, self.services[name]["command"])

    def python(self, code: str) -> str:
        """What a few lines print in Django's shell, run as the web service would run them."""
        shell = ["python", "manage.py", "shell", "--no-imports", "-c", code]
        ran = self._run("web", shell)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def healthy(self, name: str) -> bool:
        check = compose.command(self.services[name]["healthcheck"]["test"])
        there = [part.replace("8000", str(self.port)) for part in check]
        return self._run(name, there).returncode == 0

    def _run(self, name: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """The service, started and healthy."""
        log = Path(self.instead["SIGNPOST_DATA_DIR"]) / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.services[name]["command"],
                cwd=ROOT,
                env=self.environment(name),
                stdout=output,
                stderr=output,
            )
        try:
            assert eventually(lambda: process.poll() is not None or self.healthy(name))
            assert process.poll() is None, log.read_text()
            yield
        finally:
            process.terminate()
            process.wait(60)
