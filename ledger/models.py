"""The append-only record of what was decided: a chain of hashes for each stream.

Database triggers (see the first migration) refuse to change or delete an entry.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models

from ledger import chain


class Stream(models.Model):
    """The head of one chain. Updating this row is what makes writers of a stream queue up."""

    name = models.CharField(max_length=80, primary_key=True)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="", blank=True)

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One thing that somebody did; `facts` hold ids, codes and digests, never personal text."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["stream", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="one_entry_a_place"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.stream_id} #{self.sequence} {self.verb}"

    def hashed(self) -> dict[str, Any]:
        """What the hash covers, as plain data."""
        return {
            "stream": self.stream_id,
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "actor": self.actor_id,
            "verb": self.verb,
            "subject": self.subject,
            "facts": self.facts,
            "previous": self.previous_hash,
        }

    def expected_hash(self) -> str:
        return chain.digest(self.hashed())


class Sealed(models.Model):
    """Personal text that an entry names only by a salted digest, so that it can be erased.

    Deleting the row leaves the chain whole: nobody can tell the words from the digest alone.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="sealed")
    name = models.CharField(max_length=60)
    salt = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        verbose_name_plural = "sealed"
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="one_sealed_text_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.name}"

    def digest(self) -> str:
        return hashlib.sha256((self.salt + self.text).encode()).hexdigest()
