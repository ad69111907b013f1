"""What did earlier periods' runs keep, which this one is made from or held against?

Belongs here: which earlier periods matter to one, and reading what they left. Does not belong here: keys
(``tasks.kept``), and what is made of it (``tasks.books``, ``tasks.quality``, ``tasks.gather.drift``).

A quarter looks back on the year's quarters before it and on the last one of the year before; a year is made of its own
quarters, and looks back on the year before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from config.periods import Period, Quarter, ReportingYear, Return
from tasks import plain
from tasks.kept import OPEN, WHOLE, folder_of, publications_of, register_key, register_of
from tasks.model import Figure, Gathered, GatheredFile, Register, Verdict
from tasks.store import Missing

if TYPE_CHECKING:
    from tasks.books import Books
    from tasks.quality import Seen
    from tasks.store import ObjectStore, Stored


class Earlier:
    """Earlier periods as they are kept in a store, seen from one period."""

    def __init__(self, store: ObjectStore, period: Return) -> None:
        self.store, self.period = store, period

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The year's quarters before this one; for a year all of them."""
        quarters = self.period.year.quarters
        return quarters[: self.period.number - 1] if isinstance(self.period, Quarter) else quarters

    @property
    def quarters_were_run(self) -> bool:
        """Was any quarter of the year run?"""
        return any(self._is_kept(_gathered(quarter)) for quarter in self.period.year.quarters)

    def files(self) -> dict[str, GatheredFile]:
        """The file of each source that was used for the period just before."""
        key = _gathered(self.period.before)
        files = plain.from_plain(Gathered, self._read(key)).files if self._is_kept(key) else ()
        return {file.source: file for file in files if file.state == "read"}

    def whole_year(self, own: Gathered) -> Gathered:
        """What was gathered for the period; for a year with what its quarters gathered before it."""
        keys = [_gathered(one) for one in self.quarters] if isinstance(self.period, ReportingYear) else []
        parts = [*(plain.from_plain(Gathered, self._read(key)) for key in keys if self._is_kept(key)), own]
        return Gathered(
            tuple(file for part in parts for file in part.files),
            tuple(observation for part in parts for observation in part.observations),
            tuple(narrative for part in parts for narrative in part.narrative),
        )

    def seen(self) -> Iterator[Seen]:
        """What the runs of quarters before saw, oldest first: the last one of the year before, then the year's."""
        from tasks.quality import Seen

        for quarter in (self._last_of_year_before, *self.quarters):
            keys = _gathered(quarter), _results(quarter)
            if all(map(self._is_kept, keys)):
                files, verdicts = map(self._read, keys)
                yield Seen(
                    quarter,
                    plain.from_plain(tuple[GatheredFile, ...], files["files"]),
                    plain.from_plain(tuple[Verdict, ...], verdicts["verdicts"]),
                )

    def verdicts_of_quarters(self) -> Iterator[Verdict]:
        """For a year: what the checks of its quarters said."""
        for one in self.seen() if isinstance(self.period, ReportingYear) else ():
            if one.period.year == self.period:
                yield from one.verdicts

    def books(self) -> Iterator[Books]:
        """Both books of each of the quarters."""
        from tasks.books import Books

        for quarter in self.quarters:
            if all(self._is_kept(register_key(part, quarter)) for part in (WHOLE, OPEN)):
                yield Books(register_of(self.store, WHOLE, quarter), register_of(self.store, OPEN, quarter))

    def open_figures(self) -> dict[str, Figure]:
        """Figures of the quarters as everybody may see them, by their ids."""
        keys = [register_key(OPEN, quarter) for quarter in self.quarters]
        books = (plain.from_plain(Register, self._read(key)) for key in keys if self._is_kept(key))
        return {figure.id: figure for book in books for figure in book.figures}

    def publications(self) -> list[Register]:
        """What reports that were published of this year and earlier ones show."""
        return [plain.from_plain(Register, self._read(stored.key)) for stored in self._published()]

    def figures(self) -> dict[str, tuple[Figure, ...]]:
        """Figures of the quarters and of the period just before, as their whole books have them now."""
        return {
            period: plain.from_plain(Register, self._read(key)).figures for period, key in self._whole_books().items()
        }

    def compared_with(self) -> list[Stored]:
        """All that was looked at of earlier periods, so that a run after a correction of these is another run."""
        from tasks.validate import kept_of

        return [
            *kept_of(self.store, folder_of(self.period.before)),
            *map(self.store.describe, self._whole_books().values()),
            *self._published(),
        ]

    def left(self) -> dict[str, str]:
        """All that earlier periods' runs have left and that a run may read: the SHA-256 of each key."""
        keys = [
            key
            for one in dict.fromkeys((self._last_of_year_before, self.period.before, *self.quarters))
            for key in (_gathered(one), _results(one), register_key(WHOLE, one), register_key(OPEN, one))
        ]
        found = {key: self._sha256_of(key) for key in keys} | {one.key: one.sha256 for one in self._published()}
        return {key: sha256 for key, sha256 in found.items() if sha256}

    @property
    def _last_of_year_before(self) -> Quarter:
        return Quarter(self.period.year.start_year - 1, 4)

    def _sha256_of(self, key: str) -> str:
        try:
            return self.store.describe(key).sha256
        except Missing:
            return ""

    def _published(self) -> list[Stored]:
        return list(publications_of(self.store, self.period.year))

    def _whole_books(self) -> dict[str, str]:
        keys = {str(one): register_key(WHOLE, one) for one in (self.period.before, *self.quarters)}
        return {period: key for period, key in keys.items() if self._is_kept(key)}

    def _is_kept(self, key: str) -> bool:
        return bool(self.store.versions(key))

    def _read(self, key: str) -> Any:
        return json.loads(self.store.get(key))


def _gathered(period: Period) -> str:
    return f"gathered/{folder_of(period)}/gathered.json"


def _results(period: Period) -> str:
    return f"quality/{folder_of(period)}/results.json"
