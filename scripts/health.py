"""Answers a container's health check by its exit code.

python -m scripts.health web PORT     does a page that needs the database come?
python -m scripts.health beat         has beat been keeping its schedule?
"""

import http.client
import os
import sys
import time
from pathlib import Path

STALE = 400  # seconds; beat writes its schedule down every 180
BY_HTTPS = {"X-Forwarded-Proto": "https"}


def web(port: str) -> bool:
    """As the proxy would ask: under the public name, and having come by https."""
    name = os.environ["SIGNPOST_ALLOWED_HOSTS"].split(",")[0]
    line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=8)
    try:
        line.request("GET", "/accounts/login/", headers={"Host": name, **BY_HTTPS})
        return line.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        line.close()


def beat() -> bool:
    written = Path(os.environ["SIGNPOST_DATA_DIR"]).glob("beat-schedule*")
    return any(time.time() - file.stat().st_mtime < STALE for file in written)


if __name__ == "__main__":
    healthy = web(sys.argv[2]) if sys.argv[1] == "web" else beat()
    sys.exit(not healthy)
