"""`manage.py demo`: plays the main job, then serves it."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError

from demo import broker, ready, story
from demo.processes import ProcessEnded, Processes, StopAsked
from scripts.system import Problem, plain_failures


class Command(BaseCommand):
    help = "Plays the main job on a demo centre, then serves it at 127.0.0.1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="play the main job and stop")

    def handle(self, *args: Any, port: int, no_serve: bool, **options: Any) -> None:
        with plain_failures():
            if not no_serve:
                ready.require_free_port(port)
            with ready.only_demo_here(settings.DATA_DIR):
                self.run(port, serve=not no_serve)

    def run(self, port: int, *, serve: bool) -> None:
        try:
            self.play_and_serve(port, serve=serve)
        except StopAsked:
            self.say("Stopped.")
        except (ProcessEnded, story.DemoFailed) as ended:
            raise Problem(str(ended)) from None
        except OperationalError as error:
            raise Problem(f"The database in {settings.DATA_DIR} refused: {error}.") from None

    def play_and_serve(self, port: int, *, serve: bool) -> None:
        environment = {"SIGNPOST_ORIGIN": f"http://127.0.0.1:{port}", **os.environ}
        with Processes(settings.DATA_DIR / "logs", environment) as processes:
            self.say("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
            self.start_broker(processes)
            processes.start("worker", worker())
            played = story.play(say=self.say)
            self.say(f"The portfolio's PDF: {played.pdf}")
            if serve:
                processes.start("web", web(port), lambda: ready.answers(port))
                self.introduce(played.accounts, port)
                processes.watch()

    def start_broker(self, processes: Processes) -> None:
        if "REDIS_URL" in os.environ:
            return
        place = settings.BROKER_SOCKET
        processes.start("broker", broker.command(place), lambda: broker.answers(place))

    def introduce(self, accounts: list[str], port: int) -> None:
        self.say("\nSign in as any of these:")
        for account in accounts:
            self.say(f"  {account}")
        self.say(f"\nSignpost is at http://127.0.0.1:{port}/  (Ctrl-C stops it)")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def worker() -> list[str]:
    schedule = str(settings.DATA_DIR / "beat-schedule")
    celery = [sys.executable, "-m", "celery", "-A", "config", "worker"]
    return [*celery, "--beat", "--schedule", schedule, "--concurrency", "1", "--loglevel", "INFO"]


def web(port: int) -> list[str]:
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket"]
    return [*gunicorn, "--bind", f"127.0.0.1:{port}", "--threads", "4"]
