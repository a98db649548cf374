"""Which criteria the words of an account might touch: worked out here, kept nowhere.

A suggestion is a ranking for a person to look at. It claims nothing and decides nothing.
"""

from portfolio.suggestions.ranking import Suggestion, suggest

__all__ = ["Suggestion", "suggest"]
