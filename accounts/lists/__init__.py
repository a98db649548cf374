"""One way for every list: it filters, sorts, can be bookmarked and goes out as a file.

All of it stands in the address, so a file holds exactly the rows that the page would show, and
whoever may not open the page may not have the file: it is the same view that answers.
"""

from accounts.lists.columns import Column, Joined, at, field, split
from accounts.lists.files import KINDS
from accounts.lists.filters import Choice, Words, number_in, where
from accounts.lists.listing import Gathered, Listing, answer

__all__ = [
    "KINDS",
    "Choice",
    "Column",
    "Gathered",
    "Joined",
    "Listing",
    "Words",
    "answer",
    "at",
    "field",
    "number_in",
    "split",
    "where",
]
