"""Which register is an edited draft held against? That of the run that made it, as the store has it now.

Belongs here: finding the registers of the periods whose figures a document has. Does not belong here: the verdict
(``tasks.review.check``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from config.partnership import Partnership
from config.periods import Return
from tasks.kept import OPEN, latest_period, owner_of, period_of, register_key, register_of
from tasks.model import Figure
from tasks.review.check import Says, check_opened, open_draft
from tasks.review.checked import CheckedDraft
from tasks.store import ObjectStore

_PERIOD = re.compile(r"\.(\d{4}-\d{2}(?:-Q[1-4])?)$")
_RUN = re.compile(r"(\d{4}-\d{2}(?:-Q[1-4])?)-[0-9a-f]+")


class Against:
    """The open registers of a store, each read once however many drafts are held against them.

    ``period`` is the one to hold documents against; without it that of the run that made a draft, and the latest for a
    document that is not ours.
    """

    def __init__(
        self,
        store: ObjectStore,
        period: Return | None = None,
        partnership: Partnership | None = None,
    ) -> None:
        self.store = store
        self.period = period
        self._partnership = partnership
        self._figures: dict[str, dict[str, Figure]] = {}

    def check(self, data: bytes, name: str) -> CheckedDraft:
        """Check a document.

        Raises:
            Refused: it is no Word document, or not safe to open; or no register of its period was kept.
        """
        opened = open_draft(data, name)
        figures = self.figures_for(opened.says)
        if opened.edited.run:
            checked, made = check_opened(opened, figures), _RUN.fullmatch(opened.edited.run)
            if self.period and made and made[1] != str(self.period):
                note = f"The draft was made for {made[1]} and is held against the register of {self.period}."
                return replace(checked, notes=(note, *checked.notes))
            return checked
        return check_opened(opened, figures, self.partnership, self.period_for(opened.says))

    def period_for(self, says: Says) -> Return:
        """The period against whose register a document is held that says this of itself."""
        made = _RUN.fullmatch(says.run)
        return self.period or (period_of(made[1]) if made else latest_period(self.store))

    def figures_for(self, says: Says) -> dict[str, Figure]:
        """Figures of the document's period, and of other periods that it names and that were kept."""
        period = self.period_for(says)
        figures = self._of(str(period))
        if not self.period:
            for name in sorted({found[1] for id_ in says.ids if (found := _PERIOD.search(id_))} - {str(period)}):
                if self.store.versions(register_key(OPEN, period_of(name))):
                    figures = {**self._of(name), **figures}
        return figures

    @cached_property
    def partnership(self) -> Partnership:
        """The partnership given, or the one whose store it is."""
        from tasks.order import partnership_of

        return self._partnership or partnership_of(owner_of(self.store))

    def _of(self, period: str) -> dict[str, Figure]:
        if period not in self._figures:
            book = register_of(self.store, OPEN, period_of(period))
            self._figures[period] = {figure.id: figure for figure in book.figures}
        return self._figures[period]
