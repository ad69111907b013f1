"""Publish the annual report of a year: what is written, in which order, and how it can be proved afterwards.

Belongs here: choosing the draft, the keys of a publication and its receipt, and corrections. Does not belong here: what
speaks against publishing (``tasks.publication``), and the clean copy (``tasks.review.clean``).

Everything is written once and never again: ``published/<year>/`` holds the report, the register it prints, the same as
a table, and last of all the receipt: a publication without one did not happen, and can be run again. A correction is a
publication of its own beside the first, ``published/<year>/2/``, with a note of what it changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from config.errors import Refused
from config.periods import ReportingYear, Return, day_words
from tasks import plain
from tasks.assemble.report import SECTION_ID
from tasks.deciding import findings_now
from tasks.kept import OPEN, PUBLISHED, WHOLE, folder_of, register_of
from tasks.model import Figure, Register, Verdict
from tasks.publication import Candidate, HeldUp, blockers
from tasks.signing.signatures import progress_with
from tasks.store import ABSENT, Conflict

if TYPE_CHECKING:
    from config.partnership import Partnership
    from tasks.store import ObjectStore

REPORT, PDF, BOOK, TABLE, NOTE, RECEIPT = (
    "annual-report.docx",
    "annual-report.pdf",
    "register.json",
    "figures.csv",
    "correction.txt",
    "receipt.json",
)
KEPT_YEARS = 10
"""For so many whole years a publication is locked where the store can lock. A published report is a record of the
partnership, whose retention schedule may ask for longer and, for a public report, never for less."""


@dataclass(frozen=True)
class Publication:
    """One publication of a year's report, as its receipt has it."""

    year: str
    number: int
    """1 for the report, 2 and on for its corrections."""
    folder: str
    receipt: dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What a person asked for."""

    by: str
    """The group that publishes."""
    on: date
    without: tuple[str, ...] = ()
    """Figures that were taken out on purpose."""
    correction: str = ""
    """Why what was published is published anew."""


def candidate(
    store: ObjectStore, partnership: Partnership, year: ReportingYear, on: date, given: tuple[str, bytes] | None = None
) -> Candidate:
    """What would be published: the newest version of the year's draft, or the document given, with its name.

    Raises:
        Refused: the year was not run, there is no draft of it, or the document is not safe to open.
    """
    from tasks.review.check import check_draft

    shown = register_of(store, OPEN, year)
    key, version = f"drafts/{folder_of(year)}/{REPORT}", ""
    if given:
        key, data = given
    else:
        if not store.versions(key):
            raise Refused(
                f"There is no draft of the annual report {year}.", where=key, to_do=f"Make it: assure report {year}"
            )
        version = store.versions(key)[-1].version
        data = store.get(key, version)
    figures = {one.id: one for one in shown.figures}
    sha256 = hashlib.sha256(data).hexdigest()
    return Candidate(
        year=str(year),
        data=data,
        key=key,
        version=version,
        sha256=sha256,
        checked=check_draft(data, key.rpartition("/")[2], figures, partnership, year),
        shown=shown,
        whole=register_of(store, WHOLE, year),
        findings=tuple(findings_now(store, partnership, year, on.isoformat(), hidden=False)),
        signing=progress_with(store, partnership, year, SECTION_ID, key, sha256)
        if partnership.profile.signing
        else None,
    )


def publish(store: ObjectStore, partnership: Partnership, chosen: Candidate, wanted: Wanted) -> Publication:
    """Write the publication, its receipt last. Done again after it was interrupted, it ends as if it had not been.

    Raises:
        HeldUp: something speaks against it; all reasons are told.
        Refused: what was asked for is mistaken, as ``refuse_mistaken`` has it.
        Failure: the clean copy is not what the draft says, or the store could not be written.
    """
    from tasks.review.clean import clean_copy

    refuse_mistaken(store, partnership, chosen, wanted)
    if reasons := blockers(partnership, chosen, wanted.without):
        raise HeldUp(chosen, reasons)
    number, folder = _place(store, chosen.year, wanted.correction)
    book = _published_book(chosen)
    files = {
        REPORT: clean_copy(chosen.data, chosen.key.rpartition("/")[2]),
        BOOK: plain.to_json(book).encode(),
        TABLE: _table(store, partnership, ReportingYear.parse(chosen.year), book),
    }
    files |= _as_pdf(store, folder, files[REPORT])
    changed = _changed(store, chosen.year, number, book)
    if wanted.correction:
        files[NOTE] = _note(partnership, chosen.year, wanted, changed).encode()
    receipt = {
        "year": chosen.year,
        "number": number,
        "partnership": partnership.profile.id,
        "published_on": wanted.on.isoformat(),
        "published_by": wanted.by,
        "run": chosen.checked.run,
        "draft": {"key": chosen.key, "version": chosen.version, "sha256": chosen.sha256},
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "signed": [{"role": one.role, "answer": one.number, "at": one.at} for one in chosen.signing.signed]
        if chosen.signing
        else [],
        "figures_printed": len(chosen.printed),
        "figures_left_out": sorted(wanted.without),
        "findings_settled": {
            one.id: [past.decision for past in one.history if past.standing == "stands"]
            for one in chosen.shown.findings
            if one.outcome != "passed" and one.state == "decided"
        },
        "findings_open": [
            one.id
            for one in chosen.shown.findings
            if one.outcome != "passed" and one.state != "decided" and one.severity != "information"
        ],
    }
    if wanted.correction:
        receipt |= {"correction": wanted.correction, "figures_changed": [list(one) for one in changed]}
    for name, data in files.items():
        _put_once(store, f"{folder}/{name}", data, wanted.on)
    _put_once(store, f"{folder}/{RECEIPT}", plain.to_json(receipt).encode(), wanted.on)
    return Publication(chosen.year, number, folder, receipt)


def _as_pdf(store: ObjectStore, folder: str, report: bytes) -> dict[str, bytes]:
    """The report as a PDF that can be read aloud, where LibreOffice is installed.

    No PDF is the same bytes twice: one that was kept before a publication was interrupted is the one that counts.
    """
    from tasks.assemble import office
    from tasks.assemble.pdf import pdf_of

    if not office.is_installed():
        return {}
    key = f"{folder}/{PDF}"
    return {PDF: store.get(key) if store.versions(key) else pdf_of(report, REPORT)}


def publications(store: ObjectStore, year: str) -> list[Publication]:
    """Every publication of a year that was finished, the first first."""
    found, number = [], 1
    while store.versions(key := f"{_folder(year, number)}/{RECEIPT}"):
        found.append(Publication(year, number, _folder(year, number), json.loads(store.get(key))))
        number += 1
    return found


def published_on(store: ObjectStore, year: str) -> date | None:
    """The day on which a year's report was published, or corrected last; nothing where it was not published."""
    done = publications(store, year)
    return date.fromisoformat(done[-1].receipt["published_on"]) if done else None


def published_as(store: ObjectStore, figure_id: str, year: str) -> tuple[Figure, Publication] | None:
    """A figure as the last publication of its year printed it; nothing where none did."""
    for one in reversed(publications(store, year)):
        book: Register = plain.from_plain(Register, json.loads(store.get(f"{one.folder}/{BOOK}")))
        for figure in book.figures:
            if figure.id == figure_id:
                return (figure, one) if figure.status == "published" else None
    return None


def _folder(year: str, number: int) -> str:
    return f"{PUBLISHED}/{year}" if number == 1 else f"{PUBLISHED}/{year}/{number}"


def refuse_mistaken(store: ObjectStore, partnership: Partnership, chosen: Candidate, wanted: Wanted) -> None:
    """Whatever the draft is like, could the publication be what a person asked for?

    Raises:
        Refused: the group is not one of the partnership's, a figure left out is none of the register, the year was
            published already, or there is nothing to correct.
    """
    if wanted.by not in partnership.groups:
        raise Refused(
            f"This partnership has no group '{wanted.by}'." if wanted.by else "Nobody was named who publishes.",
            where="--by",
            why="The receipt says in whose name the report was published.",
            to_do=f"Name with --by one of: {', '.join(partnership.groups)}.",
        )
    known = [one.id for one in chosen.shown.figures]
    for figure in wanted.without:
        if figure not in known:
            close = get_close_matches(figure, known, n=1)
            raise Refused(
                f"The register of {chosen.year} has no figure '{figure}'.",
                where="--without",
                why="The receipt says which figures were left out on purpose.",
                to_do=f"Did you mean '{close[0]}'?" if close else "Copy the figure from the reason that names it.",
            )
    _place(store, chosen.year, wanted.correction)


def _place(store: ObjectStore, year: str, correction: str) -> tuple[int, str]:
    """Where the publication goes: a first one once only, a correction after it."""
    done = publications(store, year)
    if done and not correction:
        last = done[-1].receipt
        raise Refused(
            f"The annual report {year} was published on {day_words(date.fromisoformat(last['published_on']))}.",
            where=done[-1].folder,
            why="What is published stays as it is: others have read and quoted it.",
            to_do="To publish it anew with a note of what changed, add --correction 'the reason'.",
        )
    if correction and not done:
        raise Refused(
            f"The annual report {year} has not been published, so there is nothing to correct.",
            where=f"{PUBLISHED}/{year}",
            to_do="Publish it without --correction.",
        )
    return len(done) + 1, _folder(year, len(done) + 1)


def _published_book(chosen: Candidate) -> Register:
    """The open book, in which figures that are printed with their number are published."""
    printed = chosen.printed
    return replace(
        chosen.shown,
        figures=tuple(
            replace(one, status="published") if one.id in printed and one.value is not None else one
            for one in chosen.shown.figures
        ),
    )


def _table(store: ObjectStore, partnership: Partnership, year: ReportingYear, book: Register) -> bytes:
    """The published figures alone, as a table."""
    from tasks.register_tables import to_csv, to_rows

    checks: list[Verdict] = []
    periods: list[Return] = [*year.quarters, year]
    for period in periods:
        key = f"quality/{folder_of(period)}/results.json"
        if store.versions(key):
            checks += plain.from_plain(list[Verdict], json.loads(store.get(key))["verdicts"])
    rows = to_rows(partnership, book, checks)
    return to_csv([row for row in rows if row["status"] == "published"])


def _changed(store: ObjectStore, year: str, number: int, book: Register) -> list[tuple[str, str, str]]:
    """Figures that the publication before printed differently: id, what it printed, what is printed now."""
    if number == 1:
        return []
    before: Register = plain.from_plain(Register, json.loads(store.get(f"{_folder(year, number - 1)}/{BOOK}")))
    was = {one.id: one.display for one in before.figures if one.status == "published"}
    now = {one.id: one.display for one in book.figures if one.status == "published"}
    return [(id_, was.get(id_, ""), now.get(id_, "")) for id_ in {**was, **now} if was.get(id_) != now.get(id_)]


def _note(partnership: Partnership, year: str, wanted: Wanted, changed: Collection[tuple[str, str, str]]) -> str:
    lines = [
        f"Correction of the annual report {year} of the {partnership.profile.name}",
        f"Published on {day_words(wanted.on)} by {partnership.groups[wanted.by].name}.",
        "",
        wanted.correction,
        "",
        "Figures that changed:" if changed else "No figure changed.",
    ]
    for id_, was, now in changed:
        area, measure, _ = id_.split(".", 2)
        title = f"{partnership.measures[measure].title}, {partnership.areas[area].short_name}"
        lines.append(f"  {title}: {f'{was} before' if was else 'not printed before'}, {now or 'not printed'} now")
    return "\n".join(lines) + "\n"


def _locked_until(published_on: date) -> date:
    """The day from which a publication may be deleted, by those who may: first of January, whole years later."""
    return date(published_on.year + KEPT_YEARS + 1, 1, 1)


def _put_once(store: ObjectStore, key: str, data: bytes, on: date) -> None:
    try:
        store.put(key, data, expected=ABSENT, locked_until=_locked_until(on))
    except Conflict:
        raise Refused(
            "A publication that was begun and not finished holds something else here.",
            where=key,
            why="What is published is written once. The draft, the register or the day is another one than then.",
            to_do="Publish the version of the draft that it was begun with (--draft), or ask whoever looks after the "
            "store to set the unfinished publication aside.",
        ) from None
