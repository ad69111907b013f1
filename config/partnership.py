"""One partnership's whole configuration as one value, and what makes its files disagree with each other.

Belongs here: look-ups over a configuration, and the check that every name used in one file is defined in another.
Does not belong here: reading files (``config.load``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from config.layouts import (
    Form,
    ListSheet,
    LongCsv,
    MonthsSheet,
    NarrativeSheet,
    OfficialStatistics,
    Rows,
    Source,
    Workbook,
)
from config.model import Area, Deadline, Group, Guidance, Measure, Profile, Requirement, Section
from config.rules import Movement, Rule
from config.wording import WordingCheck


@dataclass(frozen=True)
class Partnership:
    """Everything that the files under ``config/partnerships/<id>/`` say."""

    profile: Profile
    guidance: Guidance
    measures: dict[str, Measure]
    sources: dict[str, Source]
    rules: tuple[Rule, ...]
    sections: tuple[Section, ...]
    fingerprint: str
    """SHA-256 over the files, so that a run can say which configuration it used."""
    templates: Mapping[str, bytes] = field(default_factory=dict)
    """Word templates that the partnership restyled, in place of those that come with the project: by their shapes."""
    wording: tuple[WordingCheck, ...] = ()
    """The checks over words; none in a partnership that is put together without files."""

    @cached_property
    def areas(self) -> dict[str, Area]:
        return {area.id: area for area in self.profile.areas}

    @cached_property
    def groups(self) -> dict[str, Group]:
        return {group.id: group for group in self.profile.groups}

    @cached_property
    def business_unit(self) -> Group:
        """The group that looks after what is nobody else's: the business unit, or the first where there is none."""
        groups = self.profile.groups
        return next((one for one in groups if one.kind == "business_unit"), groups[0])

    @cached_property
    def boroughs(self) -> tuple[Area, ...]:
        return tuple(area for area in self.profile.areas if area.kind == "borough")

    @cached_property
    def requirements(self) -> dict[str, Requirement]:
        return {requirement.id: requirement for requirement in self.guidance.requirements}

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Those of statutory guidance and the partnership's own."""
        return (*self.guidance.deadlines, *self.profile.deadlines)

    def due(self, every: str) -> tuple[Source, ...]:
        """Sources expected each ``quarter`` or each ``year``, in the order of the configuration."""
        return tuple(source for source in self.sources.values() if source.every == every)

    def smallest_shown(self, measure: Measure) -> int:
        """From which number of people on a measure is shown."""
        return measure.smallest_shown or self.profile.disclosure.smallest_shown

    @cached_property
    def asks(self) -> dict[str, str]:
        """What each rule and each check of words asks, by its id."""
        return {one.id: one.says for one in (*self.rules, *self.wording)}

    def section(self, section_id: str) -> Section:
        return next(section for section in self.sections if section.id == section_id)


def measures_of(source: Source) -> set[str]:
    """Ids of all measures that a source is asked for."""
    layout = source.layout
    match layout:
        case Workbook():
            return {m for s in layout.sheets if isinstance(s, MonthsSheet | ListSheet) for m in s.rows}
        case LongCsv():
            return set(layout.codes.values())
        case Form():
            return set(layout.figures)
        case Rows():
            return {count.measure for count in layout.counts}
        case OfficialStatistics():
            return {indicator.measure for indicator in layout.indicators}


def topics_of(source: Source) -> set[str] | None:
    """Topics on which a source writes; ``None`` where its rows name them (a narrative sheet)."""
    if isinstance(source.layout, Form):
        return set(source.layout.topics)
    if isinstance(source.layout, Workbook) and any(isinstance(s, NarrativeSheet) for s in source.layout.sheets):
        return None
    return set()


@dataclass(frozen=True)
class Inconsistency:
    """A name that is used and not defined: in which file, at which key, what, and what to do."""

    file: str
    keys: tuple[str | int, ...]
    what: str
    to_do: str


def label_refs(label: str) -> list[str]:
    """Measures printed inside a label: ``{missing_children}``."""
    return re.findall(r"\{([^{}]*)\}", label)


def inconsistencies(p: Partnership) -> Iterator[Inconsistency]:
    """Everything in which the files of one configuration disagree with each other."""
    yield from _measures(p)
    yield from _sources(p)
    yield from _rules(p)
    yield from _sections(p)
    yield from _topics(p)
    yield from _file_names(p)
    yield from _issued(p)
    for check in p.wording:
        if check.owner:
            yield from _known(check.owner, p.groups, "wording.yaml", (check.id, "owner"), "group")
    for index, priority in enumerate(p.profile.priorities):
        yield from _known(priority.owner, p.groups, "partnership.yaml", ("priorities", index, "owner"), "group")
    for index, notice in enumerate(p.profile.notices):
        yield from _known(notice.to, p.groups, "partnership.yaml", ("notices", index, "to"), "group")
    for index, name in enumerate(p.profile.decisions.may_decide):
        yield from _known(name, p.groups, "partnership.yaml", ("decisions", "may_decide", index), "group")
    if signing := p.profile.signing:
        for key in ("quality", "puts_forward"):
            if name := getattr(signing, key):
                yield from _known(name, p.groups, "partnership.yaml", ("signing", key), "group")
        for index, name in enumerate(signing.partners):
            yield from _known(name, p.groups, "partnership.yaml", ("signing", "partners", index), "group")


def _known(name: str, where: object, file: str, keys: tuple[str | int, ...], noun: str) -> Iterator[Inconsistency]:
    names = sorted(str(known) for known in where)  # type: ignore[attr-defined]
    if name not in names:
        close = _close(name, names)
        yield Inconsistency(
            file,
            keys,
            f"'{name}' is not {'an' if noun[0] in 'aeiou' else 'a'} {noun} of this partnership.",
            f"Did you mean '{close}'?" if close else f"Define the {noun} first, or correct the name.",
        )


def _close(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, names, n=1)), "")


def _measures(p: Partnership) -> Iterator[Inconsistency]:
    file = "measures.yaml"
    for m in p.measures.values():
        for index, area in enumerate(m.areas):
            yield from _known(area, p.areas, file, (m.id, "areas", index), "area")
        for area in m.decimals_by_area:
            yield from _known(area, m.areas, file, (m.id, "decimals_by_area", area), "area of this measure")
        for key in ("mean_of", "numerator", "denominator"):
            if name := getattr(m, key):
                yield from _known(name, p.measures, file, (m.id, key), "measure")
        for index, other in enumerate(m.not_comparable_with):
            yield from _known(other.measure, p.measures, file, (m.id, "not_comparable_with", index), "measure")
        for name in label_refs(m.label):
            yield from _known(name, p.measures, file, (m.id, "label"), "measure")
        for area in m.says:
            yield from _known(area, m.areas, file, (m.id, "says", area), "area of this measure")


def _sources(p: Partnership) -> Iterator[Inconsistency]:
    file = "sources.yaml"
    for s in p.sources.values():
        for key in ("sender", "owner"):
            yield from _known(getattr(s, key), p.groups, file, (s.id, key), "group")
        also = s.layout.also if isinstance(s.layout, Form) else {}
        for name in sorted(measures_of(s) | set(also)):
            yield from _known(name, p.measures, file, (s.id, "layout"), "measure")
        if isinstance(s.layout, OfficialStatistics):
            for index, place in enumerate(s.layout.areas):
                yield from _known(place, p.areas, file, (s.id, "layout", "areas", index), "area")
        else:
            yield from _known(s.layout.area, p.areas, file, (s.id, "layout", "area"), "area")
        if isinstance(s.layout, Workbook):
            for index, sheet in enumerate(s.layout.sheets):
                if area := getattr(sheet, "area", None):
                    yield from _known(area, p.areas, file, (s.id, "layout", "sheets", index, "area"), "area")
        if (written := topics_of(s)) is not None:
            for index, topic in enumerate(s.illustrative_topics):
                yield from _known(topic, written, file, (s.id, "illustrative_topics", index), "topic")
        for index, ref in enumerate(s.leads):
            yield from _reference(p, ref, file, (s.id, "leads", index))


MOST_LINES = 4

MEASURES_OF_A_RULE = (
    *("whole", "part", "overlap", "percentage", "numerator", "denominator", "stock", "started", "ended", "per"),
    *("comparator", "beside", "above", "below", "above_less", "below_less", "instead"),
)


def _rules(p: Partnership) -> Iterator[Inconsistency]:
    file = "reconciliation.yaml"
    for rule in p.rules:
        keys = (rule.id,)
        yield from _known(rule.owner, p.groups, file, (*keys, "owner"), "group")
        for area in rule.areas:
            yield from _known(area, p.areas, file, (*keys, "areas"), "area")
        values = rule.model_dump()
        for index, reading in enumerate(values.get("readings") or ()):
            yield from _known(reading["area"], p.areas, file, (*keys, "readings", index, "area"), "area")
            for name in (reading["percentage"], *reading["parts"]):
                yield from _known(name, p.measures, file, (*keys, "readings", index), "measure")
        for key in ("measures", "parts", "also"):
            for index, name in enumerate(values.get(key) or ()):
                yield from _known(name, p.measures, file, (*keys, key, index), "measure")
        for key in MEASURES_OF_A_RULE:
            if name := values.get(key):
                yield from _known(name, p.measures, file, (*keys, key), "measure")
        for index, name in enumerate(values.get("sources") or ()):
            yield from _known(name, p.sources, file, (*keys, "sources", index), "source")
        for name in rule.measures if isinstance(rule, Movement) else ():
            if name in p.measures and p.measures[name].statistic == "reference":
                what = f"'{name}' is quoted from elsewhere: it moves when another edition is quoted."
                yield Inconsistency(file, (*keys, "measures"), what, "Take it out of this rule.")


def _sections(p: Partnership) -> Iterator[Inconsistency]:
    file = "report.yaml"
    for section in p.sections:
        yield from _known(section.owner, p.groups, file, (section.id, "owner"), "group")
        for ref in section.figures:
            yield from _reference(p, ref, file, (section.id, "groups"))
        for name in label_refs(section.intro):
            if name != "period_words":
                yield Inconsistency(
                    file,
                    (section.id, "intro"),
                    f"'{{{name}}}' stands for nothing.",
                    "Write {period_words} for the period.",
                )
        for name in section.requirements:
            yield from _known(name, p.requirements, file, (section.id, "requirements"), "requirement of the guidance")
        for group in section.groups:
            if group.answers:
                yield from _known(
                    group.answers, section.requirements, file, (section.id, "groups"), "requirement of this section"
                )
        yield from _charts(p, section)


def _charts(p: Partnership, section: Section) -> Iterator[Inconsistency]:
    """What is drawn to one scale must be of one kind, or the chart compares what cannot be compared."""
    ids = [chart.id for chart in section.charts]
    for index, chart in enumerate(section.charts):
        keys = (section.id, "charts", index)
        unknown = [found for ref in chart.figures for found in _reference(p, ref, "report.yaml", (*keys, "figures"))]
        yield from unknown
        if ids.index(chart.id) != index:
            yield Inconsistency("report.yaml", (*keys, "id"), "Another chart has this id.", "Give it one of its own.")
        areas, names = ({ref.split(".")[n] for ref in chart.figures} for n in (0, 1))
        if unknown:
            continue
        if len(areas) > 1 and len(names) > 1:
            what, to_do = (
                "The figures are of several measures and of several areas.",
                "Keep to one of either.",
            )
        elif len({(p.measures[name].unit, p.measures[name].statistic) for name in names}) > 1:
            what, to_do = "The figures do not count the same thing.", "Draw figures of one unit and statistic together."
        elif chart.kind == "line" and len(chart.figures) > MOST_LINES:
            what, to_do = f"More than {MOST_LINES} lines cannot be told apart.", "Make two charts of it."
        elif chart.kind != "line" and len(chart.figures) < 2:
            what, to_do = "One bar compares nothing.", "Name what it is to stand beside, or take the chart out."
        else:
            continue
        yield Inconsistency("report.yaml", (*keys, "figures"), what, to_do)


def _topics(p: Partnership) -> Iterator[Inconsistency]:
    """What is sent on a topic that no section carries would be lost without a word; so would a topic misspelt."""
    carried = sorted({topic.topic for section in p.sections for topic in section.topics})
    sent = {topic for source in p.sources.values() for topic in topics_of(source) or ()}
    for source in p.sources.values():
        for topic in sorted(topics_of(source) or ()):
            yield from _known(topic, carried, "sources.yaml", (source.id, "layout", "topics"), "topic of any section")
    rows = {
        topic for s in p.sources.values() for sheet in getattr(s.layout, "sheets", ()) for topic in _rows_asked(sheet)
    }
    known = sorted(sent | rows | {priority.number for priority in p.profile.priorities})
    for section in p.sections:
        for ref in section.words:
            yield from _known(ref, section.figures, "report.yaml", (section.id, "words", ref), "figure of this section")
        for index, name in enumerate(topic.topic for topic in section.topics):
            # Rows of a narrative sheet name their topics themselves, so only what looks like another is a mistake.
            if name not in known and _close(name, known) and len(name) > 3:
                yield from _known(name, known, "report.yaml", (section.id, "topics", index, "topic"), "topic")


def _rows_asked(sheet: object) -> tuple[str, ...]:
    return sheet.topics if isinstance(sheet, NarrativeSheet) else ()


def _file_names(p: Partnership) -> Iterator[Inconsistency]:
    seen: dict[tuple[str, str], str] = {}
    for source in p.sources.values():
        for index, pattern in enumerate(source.files):
            first = seen.setdefault((source.every, pattern.casefold()), source.id)
            if first != source.id:
                yield Inconsistency(
                    "sources.yaml",
                    (source.id, "files", index),
                    f"'{pattern}' is a file name of '{first}' too.",
                    "Give each source names of its own: of one file nobody could tell whose it is.",
                )


def form_name(source: Source, period: object) -> str:
    """The name of the blank form that is issued: the first pattern of its files with the period in the star's place."""
    return source.files[0].replace("*", f"-{period}", 1).replace("*", "")


def _issued(p: Partnership) -> Iterator[Inconsistency]:
    """A blank form needs a layout that people fill in, and the words in which it asks."""
    for source in p.sources.values():
        if not source.issued:
            continue
        if not isinstance(source.layout, Form | Workbook) or any(
            isinstance(sheet, MonthsSheet) for sheet in getattr(source.layout, "sheets", ())
        ):
            yield Inconsistency(
                "sources.yaml",
                (source.id, "issued"),
                "No blank form can be made of this layout.",
                "Take 'issued' out: only Word forms and workbooks of list and narrative sheets are filled in by hand.",
            )
            continue
        ending = ".docx" if isinstance(source.layout, Form) else ".xlsx"
        if not form_name(source, "2024-25-Q1").endswith(ending):
            yield Inconsistency(
                "sources.yaml",
                (source.id, "files", 0),
                f"The first name of a form that is issued must end in {ending}.",
                f"Put a pattern like {source.id}*{ending} first.",
            )
        yield from _wording(source)


def _wording(source: Source) -> Iterator[Inconsistency]:
    layout = source.layout
    asking: list[tuple[tuple[str | int, ...], Form | NarrativeSheet]] = []
    if isinstance(layout, Form):
        asking = [((source.id, "layout"), layout)]
    elif isinstance(layout, Workbook):
        sheets = enumerate(layout.sheets)
        asking = [((source.id, "layout", "sheets", n), one) for n, one in sheets if isinstance(one, NarrativeSheet)]
    for keys, one in asking:
        if one.parts and not one.topics:
            yield Inconsistency(
                "sources.yaml", (*keys, "topics"), "The blank form would ask on no topic.", "List the topics here."
            )
        if unasked := [part for part in one.parts if part not in one.questions]:
            yield Inconsistency(
                "sources.yaml",
                (*keys, "questions"),
                f"The blank form has no question for {', '.join(unasked)}.",
                "Say under 'questions' in plain words what is asked in each part.",
            )


def topic_title(p: Partnership, topic: str) -> str:
    """What a topic is called where people are asked on it: by its section, its priority, or else by its name."""
    for section in p.sections:
        for carried in section.topics:
            if carried.topic == topic:
                return carried.heading or section.title
    return topic_label(p, topic)


def topic_label(p: Partnership, topic: str) -> str:
    """A topic as it is written in a row of a narrative sheet: ``Priority 1.1``, ``Deep dive``."""
    if any(priority.number == topic for priority in p.profile.priorities):
        return f"Priority {topic}"
    return topic.replace("-", " ").capitalize()


def _reference(p: Partnership, ref: str, file: str, keys: tuple[str | int, ...]) -> Iterator[Inconsistency]:
    area, _, measure = ref.partition(".")
    yield from _known(area, p.areas, file, keys, "area")
    yield from _known(measure, p.measures, file, keys, "measure")
    if area in p.areas and measure in p.measures and area not in p.measures[measure].areas:
        yield Inconsistency(
            file,
            keys,
            f"The measure '{measure}' is not kept for the area '{area}'.",
            f"Add '{area}' to the areas of '{measure}' in measures.yaml, or take '{ref}' out.",
        )
