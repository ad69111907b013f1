"""What does one section of the report say this period?

Belongs here: choosing, for one section, its figures, narrative, gaps and queries, as one frozen value. Does not belong
here: the look of it (``templates``), and Word (``tasks.assemble.draft``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from config.errors import Refused
from config.model import FigureGroup, Section
from config.partnership import Partnership, label_refs
from config.periods import Quarter, ReportingYear, Return
from tasks.assemble.charting import beside_refs, charts_of
from tasks.assemble.missing import Gap, carries, gaps, needed_measures
from tasks.assemble.narrative import topic_texts
from tasks.assemble.places import how_words, place_words
from tasks.assemble.queries import NOT_READ, QUERIED, Commentary, open_points, symbol_words, touching
from tasks.assemble.values import (
    Content,
    HelpLine,
    Line,
    LineGroup,
    PrintedFigure,
    SectionContext,
    SourceRow,
    TopicText,
    clean,
    mark,
)
from tasks.model import Figure, Finding, GatheredFile, Narrative, Observation
from tasks.wording import about_topics, held_back
from tasks.words import without_number

NOT_RECEIVED = "not received"
ID_LENGTH = 60
"""Word holds 64 characters in the tag of a content control; ours begin with ``fig:``."""


def section_context(
    partnership: Partnership,
    section: Section,
    period: Return,
    figures: Mapping[str, Figure],
    narrative: Sequence[Narrative],
    findings: Sequence[Finding],
    files: Sequence[GatheredFile],
    observations: Mapping[str, Observation],
    run_id: str,
    quarters: Mapping[str, Figure] | None = None,
) -> SectionContext:
    """Gather all that one section says; ``figures`` by ``<area>.<measure>``, ``observations`` by their ids.

    ``quarters`` are the open figures of quarters before, by their ids: for charts.

    Raises:
        Refused: the section or a label names a figure that the partnership does not keep, or a figure rests on an
            observation that is not there.
    """
    unanswered = _unanswered(section, figures)
    section = _due(partnership, section, period, figures)
    shown = {ref: figures.get(ref) or _absent(partnership, ref, period) for ref in _refs(partnership, section, figures)}
    # Bars may show figures that no line of the section prints. They have a row in its sources, and are not its own.
    drawn = {
        ref: figures.get(ref) or _absent(partnership, ref, period)
        for ref in beside_refs(section, period, figures)
        if ref not in shown
    }
    several_areas = len({figure.area for figure in shown.values()}) > 1
    titles = {ref: _title(partnership, figure, several_areas) for ref, figure in shown.items()}
    titles |= {ref: _title(partnership, figure, True) for ref, figure in drawn.items()}
    behind = {ref: _behind(figure, observations) for ref, figure in (shown | drawn).items()}
    of_words = about_topics(findings, [topic.topic for topic in section.topics])
    open_findings = list({one.id: one for one in (*touching(findings, shown), *of_words)}.values())
    made_from = {
        ref: () if figure.status == "not_received" else [observation.source for observation in behind[ref]]
        for ref, figure in shown.items()
    }
    section_gaps = gaps(partnership, section, period, made_from, narrative, files)
    beside = {one.id: one for one in (*open_findings, *touching(findings, drawn))}
    commentary = Commentary(partnership, list(beside.values()), section_gaps, titles)
    unread = _unread(partnership, shown, files)
    texts = {ref: NOT_READ if ref in unread else clean(printed_text(figure)) for ref, figure in (shown | drawn).items()}
    printed = tuple(
        PrintedFigure(
            ref=ref,
            id=figure.id,
            text=texts[ref],
            title=titles[ref],
            flag=commentary.flag(figure),
            comment=commentary.on(
                ref,
                figure,
                texts[ref],
                unread.get(ref) or place_words(behind[ref]),
                _carriers(partnership, ref, section_gaps),
            ),
        )
        for ref, figure in (shown | drawn).items()
    )
    base = _usual_wording(shown)
    named = _named_areas(partnership, shown)
    no_returns, topics = _said_once(topic_texts(partnership, section, period, narrative, files, section_gaps, findings))
    missing = tuple(clean(gap.says) for gap in section_gaps)
    absent = [ref for ref, figure in shown.items() if figure.status == "not_received"]
    not_received = [titles[ref] for ref in absent if ref not in unread]
    not_read = [f"{titles[ref]} ({place})" for ref, place in unread.items()]
    made_up = _made_up(partnership, section, shown, narrative)
    carried = {topic.topic for topic in section.topics}
    pieces = [
        piece for piece in narrative if piece.topic in carried and not held_back(findings, piece.source, piece.topic)
    ]
    content = _content(partnership, shown, topics, pieces)
    unconfirmed = _unconfirmed(partnership, section, period, topics)
    return SectionContext(
        partnership=clean(partnership.profile.name),
        section_id=section.id,
        title=clean(section.title),
        part=clean(section.part),
        template=section.template,
        owner=partnership.groups[section.owner].name,
        run_id=run_id,
        period=str(period),
        period_words=f"Quarter {period.number} of {period.year}, {period.words}"
        if isinstance(period, Quarter)
        else period.words,
        running_title=f"{clean(section.title)} {period_title(period)}",
        as_at=period.last_day,
        look=partnership.profile.look,
        intro=_intro(section, period),
        statement=clean(section.statement),
        unconfirmed=unconfirmed,
        dates=_dates(shown, base),
        illustrative=made_up,
        in_report=section.in_report,
        content=content,
        headline=tuple(_line(partnership, section, shown, ref, base, named) for ref in section.headline),
        groups=tuple(
            LineGroup(
                clean(group.heading),
                tuple(_line(partnership, section, shown, ref, base, named) for ref in group.figures),
                clean(group.note),
            )
            for group in section.groups
        ),
        symbol_notes=_notes(shown, titles),
        topics=topics,
        no_returns=no_returns,
        missing=missing,
        open_points=open_points(
            partnership, missing, not_received, _unreported(topics, content), open_findings, unconfirmed, not_read
        ),
        open_findings=tuple(finding.id for finding in open_findings if finding.outcome == "failed"),
        sources=tuple(
            SourceRow(
                figure=ref,
                id=figure.id,
                title=titles[ref],
                place=clean(place_words(behind[ref])) or "No source.",
                how=clean(how_words(figure, behind[ref])),
            )
            for ref, figure in (shown | drawn).items()
        ),
        figures=printed,
        requirements=section.requirements,
        unanswered=unanswered,
        charts=charts_of(
            partnership,
            section,
            period,
            figures,
            quarters or {},
            [one.id for one in printed if one.flag.startswith(QUERIED)],
        ),
        help=tuple(HelpLine(clean(one.who), clean(one.how)) for one in partnership.profile.help_for_children),
    )


def period_title(period: Return) -> str:
    """The period as it stands behind a title: ``2023-24``, ``2023-24 quarter 4``."""
    return f"{period.year} quarter {period.number}" if isinstance(period, Quarter) else str(period)


# Figures


def _due(partnership: Partnership, section: Section, period: Return, figures: Mapping[str, Figure]) -> Section:
    """The section without figures that nobody misses: what comes once a year in a quarter, and what only may come."""
    if isinstance(period, ReportingYear):
        came = [_came(group, figures) if group.answers else group for group in section.groups]
        return section.model_copy(update={"groups": tuple(group for group in came if group.figures)})

    def due(ref: str) -> bool:
        area, _, name = ref.partition(".")
        known = name in partnership.measures and area in partnership.measures[name].areas
        return ref in figures or not known  # what is not known at all is refused later, with words

    groups = (group.model_copy(update={"figures": tuple(filter(due, group.figures))}) for group in section.groups)
    return section.model_copy(
        update={
            "headline": tuple(filter(due, section.headline)),
            "groups": tuple(group for group in groups if group.figures),
        }
    )


def _came(group: FigureGroup, figures: Mapping[str, Figure]) -> FigureGroup:
    came = (ref for ref in group.figures if ref in figures and figures[ref].status != "not_received")
    return group.model_copy(update={"figures": tuple(came)})


def _unanswered(section: Section, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """Requirements that ask for figures of which one did not come."""
    return tuple(one.answers for one in section.groups if one.answers and _came(one, figures).figures != one.figures)


def _refs(partnership: Partnership, section: Section, figures: Mapping[str, Figure]) -> list[str]:
    """Every figure that the section prints, in order; those inside a label come after the figure whose label it is."""
    refs: dict[str, None] = {}
    for ref in section.figures:
        area, _, measure = ref.partition(".")
        if measure not in partnership.measures or area not in partnership.measures[measure].areas:
            raise _unknown(ref, f"section '{section.id}' of the report")
        label = figures[ref].label if ref in figures else partnership.measures[measure].label
        label = section.words.get(ref, label)
        refs[ref] = None
        for name in label_refs(label):
            refs[_ref_in_label(partnership, area, name, ref)] = None
    return list(refs)


def _ref_in_label(partnership: Partnership, area: str, name: str, ref: str) -> str:
    """The figure that ``{name}`` in a label stands for: of the same area, or of the one area that has it."""
    measure = partnership.measures.get(name)
    if measure and area in measure.areas:
        return f"{area}.{name}"
    if measure and len(measure.areas) == 1:
        return f"{measure.areas[0]}.{name}"
    raise _unknown(f"{area}.{name}", f"the label of '{ref}'")


def _unknown(ref: str, where: str) -> Refused:
    return Refused(
        f"The figure '{ref}' is printed and is not kept.",
        where=where,
        why="A draft with a blank in place of a figure would look finished.",
        to_do="Correct the name in report.yaml or measures.yaml, or define the measure for this area.",
    )


def _absent(partnership: Partnership, ref: str, period: Return) -> Figure:
    """A figure that the register does not have for the period."""
    area, _, name = ref.partition(".")
    measure = partnership.measures[name]
    return Figure(
        id=f"{ref}.{period}",
        area=area,
        measure=name,
        period=str(period),
        value=None,
        symbol="",
        display=NOT_RECEIVED,
        unit=measure.unit,
        statistic=measure.statistic,
        wording="",
        label=measure.label,
        status="not_received",
        derivation="",
        illustrative=measure.illustrative,
    )


def printed_text(figure: Figure) -> str:
    """What a draft prints for a figure: its number, its symbol, or words in place of either."""
    if len(figure.id) > ID_LENGTH:
        raise Refused(
            f"The figure id '{figure.id}' is longer than {ID_LENGTH} characters.",
            where="measures.yaml",
            why="Word does not open a document in which the tag of a content control is longer than 64 characters.",
            to_do="Give the measure a shorter name.",
        )
    if figure.status == "not_received":
        return NOT_RECEIVED
    text = figure.display or figure.symbol or ("withheld" if figure.status == "withheld" else "")
    if not text:
        raise Refused(
            f"The figure '{figure.id}' has a value and nothing to print.",
            where="the register of figures",
            why="A draft with a blank in place of a figure would look finished.",
            to_do="Make the register again from the gathered returns.",
        )
    return text


def _unread(partnership: Partnership, shown: Mapping[str, Figure], files: Sequence[GatheredFile]) -> dict[str, str]:
    """Figures for which something came that is no value, each with the first place where it stands."""
    came = {(one.area, one.measure): clean(one.place) for file in reversed(files) for one in file.unread}
    found = {}
    for ref, figure in shown.items():
        places = [came[one] for one in sorted(needed_measures(partnership, ref)) if one in came]
        if figure.status == "not_received" and places:
            found[ref] = places[0]
    return found


def _title(partnership: Partnership, figure: Figure, several_areas: bool) -> str:
    title = partnership.measures[figure.measure].title
    return clean(f"{title}, {partnership.areas[figure.area].short_name}" if several_areas else title)


def _behind(figure: Figure, observations: Mapping[str, Observation]) -> list[Observation]:
    try:
        return [observations[id_] for id_ in figure.observations]
    except KeyError as missing:
        raise Refused(
            f"The figure '{figure.id}' rests on an observation that was not given.",
            where=f"observation {missing.args[0]}",
            why="A figure whose source cannot be shown must not be printed.",
            to_do="Make the register again from the gathered returns of this period.",
        ) from None


def _carriers(partnership: Partnership, ref: str, section_gaps: Sequence[Gap]) -> list[Gap]:
    """Gaps of sources that would have carried a figure, or what it is worked out from."""
    wanted = needed_measures(partnership, ref)
    return [gap for gap in section_gaps if carries(gap.source, wanted) and not gap.source.second_opinion]


# Words


def _usual_wording(shown: Mapping[str, Figure]) -> str:
    """The wording of most counts over a period, said once for the section and not behind every figure."""
    counts = Counter(
        f.wording
        for f in shown.values()
        if f.statistic in ("flow", "distinct", "finance") and f.status != "not_received"
    )
    return counts.most_common(1)[0][0] if counts else ""


def _notes(shown: Mapping[str, Figure], titles: Mapping[str, str]) -> tuple[str, ...]:
    """What symbols mean, and what people decided to explain, each said once."""
    symbols = {one.display: one for one in shown.values() if one.symbol and one.status != "not_received"}
    told = [f"“{clean(one.display)}” is {symbol_words(one.symbol)}." for one in symbols.values()]
    told += [clean(f"{titles[ref]}: {one.note}") for ref, one in shown.items() if one.note]
    return tuple(dict.fromkeys(told))


def _intro(section: Section, period: Return) -> str:
    """The sentence that a section opens with; ``{period_words}`` in it is the period."""
    intro = clean(section.intro).replace("{period_words}", period.words)
    if unknown := label_refs(intro):
        raise Refused(
            f"The intro has '{{{unknown[0]}}}' in it, which stands for nothing.",
            where=f"section '{section.id}' in report.yaml",
            why="It would be printed as it is.",
            to_do="Write {period_words} for the period. Figures stand in headline and groups.",
        )
    return intro


def _unconfirmed(partnership: Partnership, section: Section, period: Return, topics: Sequence[TopicText]) -> str:
    """A statement from the configuration was true once; each year somebody has to say that it still is."""
    if not section.statement or any(part.groups for topic in topics for part in topic.parts):
        return ""
    return f"{partnership.groups[section.owner].name} has not confirmed for {period} that this is still so."


def _dates(shown: Mapping[str, Figure], base: str) -> str:
    if not base:
        return ""
    money = all(figure.unit == "pounds" or figure.statistic == "percentage" for figure in shown.values())
    others = any(figure.wording not in (base, "") for figure in shown.values())
    start = "Amounts fall" if money else "Figures count what happened"
    return f"{start} {base}{', unless the line says otherwise' if others else ''}."


def _named_areas(partnership: Partnership, shown: Mapping[str, Figure]) -> dict[str, str]:
    """Names of areas that stand behind their figures: those that the section is not mainly about."""
    counts = Counter(figure.area for figure in shown.values())
    main = {area for area, count in counts.items() if 2 * count > len(shown)}
    return {area: partnership.areas[area].name for area in counts if area not in main}


def _line(
    partnership: Partnership,
    section: Section,
    shown: Mapping[str, Figure],
    ref: str,
    base: str,
    named: Mapping[str, str],
) -> Line:
    figure = shown[ref]
    words = clean(section.words.get(ref, figure.label))
    for name in label_refs(words):
        inside = _ref_in_label(partnership, figure.area, name, ref)
        received = shown[inside].status != "not_received"
        words = words.replace(f"{{{name}}}", mark(section.id, inside)) if received else without_number(words, name)
    if figure.area in named and ref not in section.words:
        words = f"{words}, {clean(named[figure.area])}"
    if figure.wording and figure.wording != base and figure.wording not in words:
        words = f"{words}, {clean(figure.wording)}"
    return Line(ref, words)


def _said_once(topics: Sequence[TopicText]) -> tuple[tuple[str, ...], tuple[TopicText, ...]]:
    """Returns that did not come, said once for the section where that is the same for all its topics."""
    if len({topic.no_returns for topic in topics}) != 1:
        return (), tuple(topics)
    return topics[0].no_returns, tuple(replace(topic, no_returns=()) for topic in topics)


def _unreported(topics: Sequence[TopicText], content: str) -> list[str]:
    """Subjects and parts on which the returns that did come say nothing."""
    if content == "none" and not any(topic.held_back for topic in topics):
        return ["this section"]
    return [topic.heading for topic in topics if not topic.parts and not topic.held_back and topic.heading] + [
        f"{topic.heading} ({part.heading})" if topic.heading else part.heading
        for topic in topics
        for part in topic.parts
        if not part.groups
    ]


def _made_up(
    partnership: Partnership, section: Section, shown: Mapping[str, Figure], narrative: Sequence[Narrative]
) -> str:
    """What in the section is illustrative, in a sentence."""
    topics = {topic.topic for topic in section.topics}
    written = [piece for piece in narrative if piece.topic in topics]
    received = [figure for figure in shown.values() if figure.status != "not_received"]
    figures_made_up = [figure for figure in received if figure.illustrative]
    text_made_up = [piece for piece in written if _text_made_up(partnership, piece)]
    what = []
    if figures_made_up:
        all_of_them = "All figures" if len(received) > 1 else "The figure"
        what.append(all_of_them if len(figures_made_up) == len(received) else "Figures marked as illustrative")
    if text_made_up:
        what.append("the text" if len(text_made_up) == len(written) else "some of the text")
    if not what:
        return ""
    subject = " and ".join(what)
    alone = len(what) == 1 and what[0] in ("The figure", "the text", "some of the text")
    return (
        f"{subject[0].upper()}{subject[1:]} in this section {'was' if alone else 'were'} made up to show "
        "what it will look like, and must be replaced before publication."
    )


def _content(
    partnership: Partnership, shown: Mapping[str, Figure], topics: Sequence[TopicText], pieces: Sequence[Narrative]
) -> Content:
    """Has the section anything to say yet, and is it real?"""
    received = [figure for figure in shown.values() if figure.status != "not_received"]
    written = any(part.groups for topic in topics for part in topic.parts)
    if not received and not written:
        return "none"
    if written:  # figures beside a text that is made up do not make it real
        return "illustrative" if all(_text_made_up(partnership, piece) for piece in pieces) else "real"
    return "illustrative" if all(figure.illustrative for figure in received) else "real"


def _text_made_up(partnership: Partnership, piece: Narrative) -> bool:
    source = partnership.sources[piece.source]
    return source.illustrative or piece.topic in source.illustrative_topics
