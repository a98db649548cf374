"""Measures Signpost on an empty data folder: SQLite, then PostgreSQL.

python -m scripts.bench [sqlite | postgresql] [whole | reports]

"whole" leaves everything out but an assessor's day and the centre's overview, "reports" all but
the exports.
"""

import os
import subprocess
import sys
import tempfile

from scripts.services import postgres
from scripts.system import ROOT, plain_failures

PARTS = {"whole", "reports"}


def measure(database: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as folder:
        environment = {
            **os.environ,
            **database,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SIGNPOST_DATA_DIR": folder,
            "SIGNPOST_STATIC_ROOT": str(ROOT / "staticfiles"),
            "SIGNPOST_SECRET_KEY": "only-for-the-bench" * 4,
            "SIGNPOST_LOG_LEVEL": "WARNING",
            "EMAIL_URL": "dummymail://",
        }
        command = [sys.executable, "-m", "bench.run", *PARTS.intersection(sys.argv)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


def main() -> None:
    databases = ["sqlite", "postgresql"]
    wanted = [each for each in databases if each in sys.argv] or databases
    with plain_failures():
        if "sqlite" in wanted:
            measure({})
        if "postgresql" in wanted:
            with postgres() as url:
                measure({"DATABASE_URL": url})


if __name__ == "__main__":
    main()
