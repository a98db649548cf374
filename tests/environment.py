"""What the settings must find in the environment before pytest-django reads them."""

import atexit
import os
import shutil
import tempfile

from scripts.system import chromium

# Always a folder of this process's own: no test may see what a demo or another worker stored.
data_dir = tempfile.mkdtemp(prefix="signpost-tests-")
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)

os.environ["SIGNPOST_DATA_DIR"] = data_dir
os.environ.pop("SIGNPOST_DEMO", None)
os.environ.setdefault("SIGNPOST_SECRET_KEY", "only-for-tests-" + "0" * 50)
os.environ.setdefault("SIGNPOST_ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("SIGNPOST_CHROMIUM", chromium() or "")
