"""How a maker tells what it made.

Each line on stdout is a JSON object with one key:
part      {"role", "number", "file" (a name in the folder), "type", …} one made file
facts     {…} what is known of the whole
progress  how much of it is done, from 0 to 1
so_far    true: what was told until now can be shown already
kind      what a recording turned out to be, film or sound
copy      {…} what the verb "copy" has to be asked, which takes long and can wait
none      {"why": a key of files.previews.reasons, "words": {…}} there is no preview
end       true: this is all
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from files.makers.limits import Limits

SPEAK_EVERY = 1.0  # seconds between two tellings of the progress


class NoPreview(Exception):
    """There is nothing to show; `why` is a key of the table of reasons."""

    def __init__(self, why: str, **words: object) -> None:
        super().__init__(why)
        self.why, self.words = why, words


class Job:
    """The file to read, what is asked of it, and the way to tell what came of it."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.source = Path(job["source"])
        self.folder = Path(job["folder"])
        self.media_type: str = job["media_type"]
        self.limits = Limits(**job["limits"])
        self.asked: dict[str, Any] = job.get("asked", {})
        self._spoke_at = 0.0

    def part(
        self, role: str, number: int = 1, *, data: bytes | str, media_type: str, **more: Any
    ) -> None:
        place = self.place(f"{role}-{number}")
        place.write_bytes(data.encode() if isinstance(data, str) else data)
        self.made(role, number, place=place, media_type=media_type, **more)

    def made(
        self, role: str, number: int = 1, *, place: Path, media_type: str, **more: Any
    ) -> None:
        """A file that lies in the folder already."""
        told = {"role": role, "number": number, "file": place.name, "type": media_type, **more}
        self.say(part=told)

    def place(self, name: str) -> Path:
        return self.folder / name

    def facts(self, **facts: Any) -> None:
        self.say(facts=facts)

    def so_far(self) -> None:
        self.say(so_far=True)

    def progress(self, share: float) -> None:
        now = time.monotonic()
        if now - self._spoke_at >= SPEAK_EVERY:
            self._spoke_at = now
            self.say(progress=round(min(max(share, 0.0), 1.0), 3))

    def say(self, **line: Any) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


JSON = "application/json"
PLAIN = "text/plain"
