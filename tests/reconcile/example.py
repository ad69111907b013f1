"""A small partnership of two invented boroughs, put together for one test at a time."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from config.layouts import Source
from config.model import Area, FigureGroup, Group, Guidance, Look, Measure, Profile, Section
from config.partnership import Partnership
from config.periods import ReportingYear, Return
from config.rules import Rule
from tasks import register
from tasks.model import Figure, Finding, GatheredFile, Observation, Place
from tasks.reconcile import reconcile

YEAR = ReportingYear(2023)
Q1, Q2, Q3, Q4 = YEAR.quarters
AREAS = (
    Area(id="eastmere", name="Eastmere", short_name="Eastmere", kind="borough"),
    Area(id="northbrook", name="Northbrook", short_name="Northbrook", kind="borough"),
    Area(id="partnership", name="Eastmere and Northbrook Partnership", short_name="ENP", kind="partnership"),
    Area(id="wold", name="The Wold", short_name="Wold", kind="region"),
    Area(id="england", name="England", short_name="England", kind="nation"),
)
BOROUGHS = ("eastmere", "northbrook")


def measure(name: str, statistic: str = "flow", **about: Any) -> Measure:
    about = {
        "unit": "percent" if statistic == "percentage" else "cases",
        "title": name.replace("_", " ").capitalize(),
    } | about
    about = {"label": about["title"].lower(), "areas": BOROUGHS, "counts_persons": False} | about
    return Measure(id=name, statistic=statistic, definition="As counted.", polarity="neither", **about)


def dataset(area: str, *measures: str, name: str = "", **about: Any) -> Source:
    """A quarterly long CSV of one area."""
    layout = {
        "layout": "long_csv",
        "area": area,
        "code": ["Code"],
        "period": ["Period"],
        "value": ["Value"],
        "codes": {one.upper(): one for one in measures},
    }
    return _source(name or f"dataset-{area}", layout, **about)


def official(name: str, released: str, *measures: str, release: str = "Children in need", **about: Any) -> Source:
    """Official statistics, which only compare unless nobody else is asked."""
    layout = {
        "layout": "official_statistics",
        "release": f"{release}, {released[:4]} release",
        "released": released,
        "licence": "Open Government Licence v3.0",
        "indicators": [{"measure": one, "column": one} for one in measures],
    }
    return _source(name, layout, **{"every": "year", "second_opinion": True, **about})


def _source(name: str, layout: dict[str, Any], **about: Any) -> Source:
    area = layout.get("area", "")
    defaults = {
        "title": f"{area.capitalize()} dataset" if area else name,
        "sender": "champions",
        "owner": "champions",
        "every": "quarter",
        "due_days": 20,
        "files": [f"{name}*.csv"],
        "suite": "any",
    }
    return Source(id=name, layout=layout, **(defaults | about))


def rule(kind: str, name: str = "a-rule", **about: Any) -> Rule:
    says = {"says": "They agree.", "matters": "Readers compare.", "to_do": "Ask the sender.", "owner": "quality"}
    return TypeAdapter(Rule).validate_python({"id": name, "kind": kind, **says, **about})


def section(name: str, *figures: str, intro: str = "", **about: Any) -> Section:
    """A snapshot that prints figures under one heading."""
    groups = (FigureGroup(heading="Figures", figures=figures),)
    about = {"title": name.replace("-", " ").capitalize(), "quarterly": True} | about
    return Section(id=name, part="About", template="snapshot", owner="quality", intro=intro, groups=groups, **about)


def partnership(
    measures: Iterable[Measure],
    sources: Iterable[Source],
    rules: Iterable[Rule] = (),
    sections: Iterable[Section] = (),
) -> Partnership:
    profile = Profile(
        id="enp",
        name="Eastmere and Northbrook Partnership",
        short_name="ENP",
        contact="The business unit",
        guidance="any-guidance",
        areas=AREAS,
        groups=(
            Group(id="champions", name="Neglect champions", kind="subgroup", contact_role="Chair"),
            Group(id="quality", name="Quality assurance", kind="subgroup", contact_role="Chair"),
        ),
        priorities=(),
        acronyms={},
        look=Look(dark="112233", accent="445566", alert="CC0000"),
    )
    guidance = Guidance(id="any-guidance", title="Guidance", edition="2023", requirements=())
    return Partnership(
        profile=profile,
        guidance=guidance,
        measures={one.id: one for one in measures},
        sources={one.id: one for one in sources},
        rules=tuple(rules),
        sections=tuple(sections),
        fingerprint="0" * 64,
    )


def said(
    source: str,
    area: str,
    measure: str,
    period: object,
    told: str | int | Decimal,
    *,
    line: int = 0,
    file: str = "",
    release: str = "",
    note: str = "",
) -> Observation:
    """One observation; what is no number is a symbol. Each stands on a line of its own."""
    text = str(told)
    number = text.replace(".", "", 1).lstrip("-").isdigit()
    name = file or f"{source}.csv"
    place = Place(name, f"sha-of-{name}", "", f"line {line}" if line else f"line of {measure} {period}")
    return Observation(
        source,
        area,
        measure,
        str(period),
        Decimal(text) if number else None,
        "" if number else text,
        place,
        note=note,
        release=release,
    )


def came(source: str, period: object, state: str = "read", name: str = "") -> GatheredFile:
    name = name or f"{source}.csv"
    return GatheredFile(source, name, f"received/{source}/{name}", f"sha-of-{name}", 10, str(period), state)  # type: ignore[arg-type]


def figures_of(
    p: Partnership,
    observations: Sequence[Observation],
    period: Return = YEAR,
    files: Sequence[GatheredFile] = (),
) -> dict[str, Figure]:
    """Figures by ``<area>.<measure>``."""
    return {f"{one.area}.{one.measure}": one for one in register.build(p, period, observations, files)}


def findings_of(
    p: Partnership,
    observations: Sequence[Observation],
    period: Return = YEAR,
    files: Sequence[GatheredFile] = (),
    **about: Any,
) -> list[Finding]:
    figures = register.build(p, period, observations, files)
    return reconcile(p, period, figures, observations, files, **about)


def only(findings: Sequence[Finding]) -> Finding:
    assert len(findings) == 1, [one.id for one in findings]
    return findings[0]
