from django.core.exceptions import ValidationError


class SigningFailed(ValidationError):
    """There is a certificate, but it cannot sign; the sentence is for the person who waits."""
