#!/usr/bin/env python
"""Signpost's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:
        # The demo is a mode of the settings, so what they read has to be there before them.
        from demo.ready import before_settings
        from scripts.system import plain_failures

        with plain_failures():
            before_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
