"""How is the front page made? From what the store keeps, and from nothing else: the same store, the same page.

Belongs here: reading the open part of a store and counting. Does not belong here: the values and their words
(``tasks.front_page.told``), and HTML. Nothing of ``restricted/``, ``received/``, ``gathered/`` or ``decisions/`` is
read, so nothing of them can be shown.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

from config.partnership import Partnership
from config.periods import Quarter, ReportingYear, Return
from tasks import plain
from tasks.assemble.report import SECTION_ID
from tasks.drafts import WRITER
from tasks.front_page.told import Draft, File, FrontPage, Part, PeriodState, Settled, Upload, Year
from tasks.front_page.uploaded import outcome_key, role_of, taken, title_of, what_became
from tasks.kept import folder_of, period_of
from tasks.model import Draft as MadeDraft
from tasks.quality.told import Expected, Thing
from tasks.signing import STATES
from tasks.signing.signatures import ROOM, progress_in
from tasks.store import ObjectStore, Stored
from tasks.words import listed, lower_first, upper_first

_ROOMS = ("register", "forms", "published", "drafts", "quality", "findings", "annex", "reviews", ROOM)
_YEAR = re.compile(r"(?:register|forms|published|drafts)/(\d{4}-\d{2})/.+")
_KINDS = {".docx": "Word", ".xlsx": "Excel", ".csv": "CSV", ".parquet": "Parquet", ".pdf": "PDF", ".txt": "text"}
_TITLES = {
    "figures": "Every figure with its sources",
    "correction": "What was corrected",
    "comparisons": "Areas beside region and nation",
}


def seen(store: ObjectStore, partnership: Partnership) -> FrontPage:
    """What the front page says of a store, as it is now."""
    kept = _Kept(store)
    years = sorted({found[1] for key in kept.files if (found := _YEAR.fullmatch(key))}, reverse=True)
    return FrontPage(
        partnership.profile.name,
        partnership.profile.contact,
        tuple(_year(kept, partnership, ReportingYear.parse(year)) for year in years),
        tuple(_uploads(kept, partnership)),
    )


class _Kept:
    """The open part of a store and which drafts were signed, listed once."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store
        self.files: dict[str, Stored] = {one.key: one for room in _ROOMS for one in store.list(f"{room}/")}

    def under(self, folder: str) -> Iterator[Stored]:
        return (one for key, one in self.files.items() if key.startswith(f"{folder}/"))

    def bytes(self, key: str) -> bytes:
        """What lies under a key; no bytes where nothing does."""
        return self.store.get(key) if key in self.files else b""


def _year(kept: _Kept, partnership: Partnership, year: ReportingYear) -> Year:
    return Year(
        str(year),
        _part(kept, partnership, year),
        tuple(_part(kept, partnership, quarter) for quarter in year.quarters),
        published=tuple(_published(one) for one in kept.under(f"published/{year}") if _kind(one.key)),
    )


def _part(kept: _Kept, partnership: Partnership, period: Return) -> Part:
    folder = folder_of(period)
    forms = tuple(_form(partnership, one) for one in kept.under(f"forms/{folder}"))
    told = _quality(kept.bytes(f"quality/{folder}/data-quality.json"))
    state: PeriodState = "run" if told else "opened" if forms else "not_opened"
    told = told or _Quality()
    figures = [_file(one) for one in kept.under(f"register/{folder}") if _kind(one.key)]
    if isinstance(period, ReportingYear):
        figures += [_annex(one) for one in kept.under(f"annex/{period}")]
    return Part(
        str(period),
        f"Quarter {period.number}" if isinstance(period, Quarter) else "The annual report",
        period.words,
        state,
        told.headline,
        told.must_fix,
        told.look_at,
        told.expected,
        told.came,
        told.missing,
        _settled(kept.bytes(f"findings/{folder}/findings.json")),
        tuple(sorted(_drafts(kept, partnership, folder), key=lambda one: not one.whole)),
        tuple(_quality_files(kept, folder)),
        tuple(figures),
        forms,
    )


# Data quality, findings


@dataclass(frozen=True)
class _Quality:
    """What the front page tells of a quality page."""

    headline: str = ""
    must_fix: int = 0
    look_at: int = 0
    expected: int = 0
    came: int = 0
    missing: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def _quality(data: bytes) -> _Quality | None:
    """Read once for each content: a year's page tells a thousand checks."""
    if not data:
        return None
    told = json.loads(data)
    things = [one for one in plain.from_plain(tuple[Thing, ...], told["things"]) if not one.settled]
    returns: tuple[Expected, ...] = plain.from_plain(tuple[Expected, ...], [*told["quarterly"], *told["yearly"]])
    counts = Counter(one.severity for one in things)
    now = [one for one in returns if one.now]
    return _Quality(
        told["headline"],
        counts["must_fix"],
        counts["look_at"],
        len(now),
        sum(one.state == "read" for one in now),
        tuple(_missing(now)),
    )


def _missing(returns: Iterable[Expected]) -> Iterator[str]:
    """What cannot be used, quarters of one return together: ``Return of training, Q2 and Q3: nothing came``."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in returns:
        if one.state != "read":
            found.setdefault((one.title, one.state_words), []).append(one.when)
    for (title, state), whens in found.items():
        yield f"{title}, {listed(whens)}: {lower_first(state)}"


def _quality_files(kept: _Kept, folder: str) -> Iterator[File]:
    for name in ("index.html", "data-quality.docx", "data-quality.csv"):
        key = f"quality/{folder}/{name}"
        if key in kept.files:
            yield File("Data quality", key, _kind(key))


@lru_cache(maxsize=64)
def _settled(data: bytes) -> Settled:
    findings = json.loads(data)["findings"] if data else []
    counts = Counter(one["state"] for one in findings if one["history"])
    return Settled(counts["decided"], counts["waiting"], counts["reopened"])


# Drafts, uploads


def _drafts(kept: _Kept, partnership: Partnership, folder: str) -> Iterator[Draft]:
    for made in _made(kept.bytes(f"drafts/{folder}/drafts.json")):
        yield _draft(kept, partnership, folder, made)


@lru_cache(maxsize=64)
def _made(data: bytes) -> tuple[MadeDraft, ...]:
    return plain.from_plain(tuple[MadeDraft, ...], json.loads(data)["drafts"]) if data else ()


def _draft(kept: _Kept, partnership: Partnership, folder: str, made: MadeDraft) -> Draft:
    """A draft as it lies there: where an editor's version is the newest, a later run put its own beside it."""
    key = f"drafts/{folder}/{made.section}.docx"
    newest = kept.files.get(key)
    edited = newest is not None and newest.about.get("writer") != WRITER
    review = outcome_key(newest.sha256) if newest and edited else ""
    upload = newest.about.get("upload", "") if newest and edited else ""
    return Draft(
        made.section,
        made.title,
        key if newest else made.key,
        edited,
        made.open_findings,
        made.missing,
        role_of(kept.store, partnership, upload),
        review if review in kept.files else "",
        made.key if edited and made.key != key else "",
        made.moved if made.beside == "refreshed" else 0,
        made.section == SECTION_ID,
        _how_far(kept, partnership, folder, made.section),
    )


def _how_far(kept: _Kept, partnership: Partnership, folder: str, section: str) -> str:
    signed = any(kept.under(f"{ROOM}/{folder}/{section}"))
    if not signed or not partnership.profile.signing:
        return ""
    period = period_of(folder.removesuffix("/annual").replace("/", "-"))
    return upper_first(STATES[progress_in(kept.store, partnership, period, section).state])


def _uploads(kept: _Kept, partnership: Partnership) -> Iterator[Upload]:
    for one in taken(kept.store, (key for key in kept.files if key.startswith("reviews/uploads/"))):
        page = outcome_key(one.sha256)
        yield Upload(
            title_of(partnership, one),
            what_became(one),
            one.in_short,
            one.needs_a_person or one.state in ("refused", "not_ours"),
            page if page in kept.files else "",
            role_of(kept.store, partnership, one.upload),
        )


# Files


def _kind(key: str) -> str:
    return _KINDS.get(PurePosixPath(key).suffix, "")


def _file(stored: Stored) -> File:
    stem = PurePosixPath(stored.key).stem
    return File(_TITLES.get(stem) or upper_first(re.sub(r"[-_]+", " ", stem)), stored.key, _kind(stored.key))


def _published(stored: Stored) -> File:
    """``published/2023-24/2/annual-report.docx`` is of the second publication, which corrects the first."""
    file, number = _file(stored), PurePosixPath(stored.key).parts[2]
    return replace(file, title=f"{file.title}, publication {number}") if number.isdigit() else file


def _annex(stored: Stored) -> File:
    """``figures_2023_24_q1.meta.csv`` is the metadata of the data annex of quarter 1."""
    name = PurePosixPath(stored.key).name
    quarter = re.search(r"_q([1-4])\.", name)
    title = f"Data annex, {f'quarter {quarter[1]}' if quarter else 'the year'}"
    return File(f"{title}: what its columns mean" if ".meta." in name else title, stored.key, _kind(stored.key))


def _form(partnership: Partnership, stored: Stored) -> File:
    source = partnership.sources.get(PurePosixPath(stored.key).stem)
    return File(source.title if source else _file(stored).title, stored.key, _kind(stored.key))
