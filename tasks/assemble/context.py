"""What does one section of the report say this period?

Belongs here: putting together, for one section, its figures, narrative, gaps and queries, as one frozen value. Does not
belong here: which figures it prints (``tasks.assemble.section_figures``), the look of it (``templates``), and Word
(``tasks.assemble.draft``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from config.errors import Refused
from config.model import Section
from config.partnership import Partnership, label_refs
from config.periods import Quarter, Return
from tasks.assemble.charting import beside_refs, charts_of
from tasks.assemble.missing import gaps
from tasks.assemble.narrative import topic_texts
from tasks.assemble.places import how_words, place_words
from tasks.assemble.queries import NOT_READ, QUERIED, Commentary, open_points, symbol_words, touching
from tasks.assemble.section_figures import (
    absent_figure,
    carriers_of,
    observations_behind,
    printed_text,
    ref_in_label,
    refs_of,
    requirements_unanswered,
    title_of,
    unread_figures,
    without_what_nobody_misses,
)
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
    unanswered = requirements_unanswered(section, figures)
    section = without_what_nobody_misses(partnership, section, period, figures)
    shown = {
        ref: figures.get(ref) or absent_figure(partnership, ref, period)
        for ref in refs_of(partnership, section, figures)
    }
    # Bars may show figures that no line of the section prints. They have a row in its sources, and are not its own.
    drawn = {
        ref: figures.get(ref) or absent_figure(partnership, ref, period)
        for ref in beside_refs(section, period, figures)
        if ref not in shown
    }
    several_areas = len({figure.area for figure in shown.values()}) > 1
    titles = {ref: title_of(partnership, figure, several_areas) for ref, figure in shown.items()}
    titles |= {ref: title_of(partnership, figure, True) for ref, figure in drawn.items()}
    behind = {ref: observations_behind(figure, observations) for ref, figure in (shown | drawn).items()}
    of_words = about_topics(findings, [topic.topic for topic in section.topics])
    open_findings = list({one.id: one for one in (*touching(findings, shown), *of_words)}.values())
    made_from = {
        ref: () if figure.status == "not_received" else [observation.source for observation in behind[ref]]
        for ref, figure in shown.items()
    }
    section_gaps = gaps(partnership, section, period, made_from, narrative, files)
    beside = {one.id: one for one in (*open_findings, *touching(findings, drawn))}
    commentary = Commentary(partnership, list(beside.values()), section_gaps, titles)
    unread = unread_figures(partnership, shown, files)
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
                carriers_of(partnership, ref, section_gaps),
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
                tuple(
                    replace(_line(partnership, section, shown, ref, base, named), before=before)
                    for ref, before in zip_longest(group.figures, group.before, fillvalue="")
                ),
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
        inside = ref_in_label(partnership, figure.area, name, ref)
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
