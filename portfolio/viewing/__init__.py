"""Evidence as it is seen in a page: the rows it needs, what they say, what is marked in them."""

from portfolio.viewing.loading import (
    anchors_on,
    is_captions,
    places_of_claims,
    preview_of,
    to_view,
)
from portfolio.viewing.shown import Shown, ShownAccount

__all__ = [
    "Shown",
    "ShownAccount",
    "anchors_on",
    "is_captions",
    "places_of_claims",
    "preview_of",
    "to_view",
]
