"""What a file can be refused for. The sentence is shown to whoever sent the file."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """A file that is not kept, and why, in one plain sentence."""

    status = 422

    @property
    def sentence(self) -> str:
        return str(self.message)


class TooLarge(Refused):
    status = 413


class NoRoom(Refused):
    status = 507


class NotStored(Refused):
    """The store can't be written to; the person can do nothing about it."""

    status = 503


class NotReachable(Refused):
    """What was stored cannot be read just now; it is not lost."""

    status = 503
