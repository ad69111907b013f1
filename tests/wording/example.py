"""Texts of an invented partnership, checked for one kind of thing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from config.load import load_partnership
from config.model import Group, Section, Topic
from config.partnership import Partnership
from config.periods import ReportingYear
from tasks.model import Figure, Finding, GatheredFile, Narrative, Place
from tasks.wording import check_words
from tasks.wording.passages import Passage, from_text

YEAR = ReportingYear(2023)
ROOT = Path(__file__).parents[1] / "partnerships"


@cache
def partnership() -> Partnership:
    """The invented partnership with two subgroups, a scrutineer and three priorities more."""
    loaded = load_partnership("eastmere", ROOT)
    group = loaded.profile.groups[0]
    groups = [
        *loaded.profile.groups,
        group.model_copy(update={"id": "voice", "name": "Voice Group", "kind": "subgroup"}),
        Group(id="scrutineer", name="Independent Scrutineer", kind="scrutineer", contact_role="Scrutineer"),
    ]
    priority = loaded.profile.priorities[0]
    priorities = [
        priority.model_copy(update={"number": str(number), "title": title})
        for number, title in enumerate(("Early help", "Neglect", "Voice of children"), 1)
    ]
    profile = loaded.profile.model_copy(update={"groups": tuple(groups), "priorities": tuple(priorities)})
    learning = Section(
        id="reviews", title="Reviews", part="Learning", template="learning", owner="training",
        topics=(Topic(topic="review"),),
    )  # fmt: skip
    return replace(loaded, profile=profile, sections=(*loaded.sections, learning))


def figure(area: str, measure: str, value: int, period: object = YEAR) -> Figure:
    of = partnership().measures[measure]
    return Figure(
        id=f"{area}.{measure}.{period}",
        area=area,
        measure=measure,
        period=str(period),
        value=Decimal(value),
        symbol="",
        display=f"{value:,}",
        unit=of.unit,
        statistic=of.statistic,
        wording="in the year to 31 March 2024",
        label=of.label,
        status="validated",
        derivation="as received",
    )


FIGURES = (
    figure("eastmere", "referrals", 1204),
    figure("northbrook", "referrals", 2310),
    figure("eastmere", "cin_open", 644),
    figure("northbrook", "cin_open", 1187),
    figure("eastmere", "cp_plans_open", 88),
    figure("partnership", "training_sessions", 37),
)


def came(source: str, period: str) -> GatheredFile:
    return GatheredFile(source, f"{source}.xlsx", f"received/{source}", f"sha-{period}", 10, period)


def asked(
    kind: str, text: str | Sequence[Passage], figures: Sequence[Figure] = FIGURES, files: Sequence[GatheredFile] = ()
) -> list[Finding]:
    """What one kind of check says of a text."""
    only = replace(partnership(), wording=tuple(one for one in partnership().wording if one.id == kind))
    passages = from_text(text, "report.docx") if isinstance(text, str) else text
    return check_words(only, YEAR, passages, figures, files)


def found(kind: str, text: str | Sequence[Passage], **about: object) -> list[str]:
    """Titles of what one kind of check found in a text."""
    return [one.title for one in asked(kind, text, **about) if one.outcome == "failed"]  # type: ignore[arg-type]


def wrote(part: str, *items: str, topic: str = "1", source: str = "return-training", sha: str = "sha") -> Narrative:
    return Narrative(source, topic, part, items, Place(f"{source}.xlsx", sha, "Narrative", "B2"))
