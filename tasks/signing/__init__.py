"""Signing: how far has a draft come, who signs next, and what did they sign?

Belongs here: states of a draft, signatures in the store, and the bundle for whoever looks at all of it from outside.
Does not belong here: what is wrong with a draft (``tasks.review``), what is asked in a form (``flows.signing_off``).
"""

from tasks.signing.signatures import Asked, drafts_of, sign, signatures_of
from tasks.signing.states import STATES, Progress, Signature, blockers, progress_of

__all__ = [
    "STATES",
    "Asked",
    "Progress",
    "Signature",
    "blockers",
    "drafts_of",
    "progress_of",
    "sign",
    "signatures_of",
]
