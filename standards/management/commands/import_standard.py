"""Reads a published standard from a file and publishes it for all centres."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import DatabaseError, transaction

from standards import actions
from standards.models import Edition, MarkingGuide
from standards.nos import NotAStandard, ParsedStandard, as_json, read_text
from standards.nos.source import MAX_PDF_BYTES, decode

NO_STANDARD = 2
NOT_SAVED = 1


class Command(BaseCommand):
    help = (
        "Reads a National Occupational Standard, or an examiner's topic page, from a text or a PDF"
        " and publishes it for all centres. Exit code 2: it is no standard. 1: it was not saved."
    )
    requires_system_checks = []  # reading a text needs neither settings nor a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the text or PDF to read; - reads standard input")
        parser.add_argument("--dry-run", action="store_true", help="read it and save nothing")
        parser.add_argument("--json", action="store_true", help="print what was read as JSON")
        parser.add_argument("--urn", help="the URN, where the text prints none")
        parser.add_argument("--title", help="the title, where the text prints none")
        parser.add_argument("--serves", metavar="URN", help="whose editions a marking guide serves")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._read_and_save(options)
        except BrokenPipeError:
            # Whoever read our output has gone; nothing more can be said to them.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _read_and_save(self, options: dict[str, Any]) -> None:
        try:
            text = decode(_bytes_of(options["file"]))
            found = read_text(text)
        except OSError as error:
            self._stop(f"{options['file']} cannot be read: {error.strerror}.", NO_STANDARD)
        except NotAStandard as refusal:
            self._stop(f"{options['file']}: {refusal}", NO_STANDARD)
        if options["json"]:
            self._print_json(found)
        else:
            self._print_words(found)
        if not options["dry_run"]:
            self._save(found, text, options)

    def _print_json(self, found: list[ParsedStandard]) -> None:
        encoding = getattr(self.stdout._out, "encoding", None) or "utf-8"
        plain = not encoding.lower().startswith("utf")
        self.stdout.write(json.dumps(as_json(found), ensure_ascii=plain, indent=2))

    def _print_words(self, found: list[ParsedStandard]) -> None:
        for parsed in found:
            name = " ".join(filter(None, (parsed.urn, parsed.title))) or "(no URN, no title)"
            self.stdout.write(f"{name}: {_counts(parsed)}.")
            for warning in parsed.warnings:
                self.stdout.write(f"  {warning}")

    def _save(self, found: list[ParsedStandard], text: str, options: dict[str, Any]) -> None:
        if len(found) > 1 and (options["urn"] or options["title"]):
            self._stop(
                f"There are {len(found)} standards in it, so --urn and --title fit none.", NOT_SAVED
            )
        try:
            with transaction.atomic():
                published = [_publish(parsed, text, options) for parsed in found]
        except ValidationError as refusal:
            self._stop(f"Nothing was saved. {' '.join(map(_with_option, refusal.messages))}", 1)
        except DatabaseError as error:
            reason = str(error).splitlines()[0]
            self._stop(
                f"Nothing was saved: the database is not ready ({reason}). Run migrate first.", 1
            )
        if not options["json"]:
            for row in published:
                self.stdout.write(f"Published: {row}.")

    def _stop(self, sentence: str, code: int) -> NoReturn:
        self.stderr.write(sentence, self.style.NOTICE)
        sys.exit(code)


def _bytes_of(name: str) -> bytes:
    """No more than it takes to see that it is too large."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_PDF_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_PDF_BYTES + 1)


def _counts(parsed: ParsedStandard) -> str:
    counts = {
        "performance": parsed.performance,
        "knowledge": parsed.knowledge,
        "assessment criteria": parsed.assessment_criteria,
        "marking points": parsed.marking_points,
    }
    return ", ".join(f"{len(items)} {name}" for name, items in counts.items() if items)


def _publish(parsed: ParsedStandard, text: str, options: dict[str, Any]) -> Edition | MarkingGuide:
    named = parsed.as_dict() | {"title": options["title"] or parsed.title}
    row = actions.publish_shared(parsed=named, source_text=text, urn=options["urn"])
    if options["serves"] and isinstance(row, MarkingGuide):
        actions.serve_shared(guide=row, editions=_served(options["serves"]))
    return row


def _served(urn: str) -> list[Edition]:
    editions = list(Edition.objects.published().filter(centre=None, standard__urn=urn.upper()))
    if not editions:
        raise ValidationError(f"No shared edition has the URN {urn}.")
    return editions


def _with_option(sentence: str) -> str:
    """What a person at a command line can do about it."""
    if "needs a URN" in sentence:
        return f"{sentence} Pass it with --urn."
    if "needs a title" in sentence:
        return f"{sentence} Pass it with --title."
    return sentence
