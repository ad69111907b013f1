"""Gather: what was sent, by whom, and what does it say?

``receive`` stores every file byte for byte before anything is read from it; ``read`` turns one stored file into
observations, narrative and problems, and ``read_taken`` does so with all that count; ``recognise`` only tells whose
files they are. None of them stops for a bad file.

Belongs here: inboxes, safe opening, a reader for each kind of layout. Does not belong here: whether figures are right
(``tasks.validate``, ``tasks.reconcile``) and which of them is printed (``tasks.register``).
"""

from tasks.gather.choose import read_taken
from tasks.gather.inbox import receive, recognise
from tasks.gather.reader import read

__all__ = ["read", "read_taken", "receive", "recognise"]
