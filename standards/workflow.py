"""Where a draft can stand, and every move between."""

from ledger.transitions import Transition, Transitions
from standards.models import Draft

DRAFT: Transitions = {
    "correct": Transition((Draft.Status.OPEN,), Draft.Status.OPEN),
    "publish": Transition((Draft.Status.OPEN,), Draft.Status.PUBLISHED),
    "discard": Transition((Draft.Status.OPEN,), Draft.Status.DISCARDED),
}
