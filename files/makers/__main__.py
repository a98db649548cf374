"""python -m files.makers, with a job on stdin. Started by files.previews.runner only."""

import importlib
import json
import os
import sys

from django.conf import settings

from files.makers import limits
from files.makers.out import Job, NoPreview

OUT_OF_MEMORY = 77
MB = 1024 * 1024


def main() -> int:
    asked = json.load(sys.stdin)
    limits.die_with(asked["parent"])
    limits.apply(limits.Limits(**asked["limits"]), long=asked["long"])
    limits.leave_the_network()
    # Some of our own code is shared with the web server; here it has only its words.
    settings.configure(USE_I18N=False, MAX_UPLOAD_BYTES=asked["limits"]["attachments_mb"] * MB)
    job = Job(asked)
    # Only now, so that the limits hold for the libraries too, and only what this kind needs.
    maker = importlib.import_module(f"files.makers.{asked['maker']}")
    try:
        getattr(maker, asked["verb"])(job)
    except NoPreview as nothing:
        job.say(none={"why": nothing.why, "words": nothing.words})
    except MemoryError:
        return OUT_OF_MEMORY
    job.say(end=True)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Taking the libraries down in order gains nothing, and some of them crash at it.
    os._exit(code)
