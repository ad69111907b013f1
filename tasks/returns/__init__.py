"""Returns: what is sent out to be filled in, and what became of it.

``issue`` makes the blank forms of a period and keeps them in the store; ``status`` says who has sent theirs.

Belongs here: what a form asks (``asked``), the answers of the period before that it shows (``earlier``), its looks in
Word and Excel (``word_form``, ``excel_form``), and the tracker in words (``status``). Does not belong here: reading
what comes back (``tasks.gather``) and what is expected when (``tasks.tracker``).
"""

from tasks.returns.forms import Issued, copy_out, issue, planned

__all__ = ["Issued", "copy_out", "issue", "planned"]
