"""Which figures does a section print, and what stands in print for each?

Belongs here: the figures of a section that are due in a period, those inside labels, what stands for one that did not
come, and what a figure rests on. Does not belong here: the words round figures (``tasks.assemble.context``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.errors import Refused
from config.model import FigureGroup, Section
from config.partnership import Partnership, label_refs
from config.periods import ReportingYear, Return
from tasks.assemble.missing import Gap, carries, needed_measures
from tasks.assemble.values import clean
from tasks.model import Figure, GatheredFile, Observation

NOT_RECEIVED = "not received"
ID_LENGTH = 60
"""Word holds 64 characters in the tag of a content control; ours begin with ``fig:``."""


def without_what_nobody_misses(
    partnership: Partnership, section: Section, period: Return, figures: Mapping[str, Figure]
) -> Section:
    """The section without figures that nobody misses: what comes once a year in a quarter, and what only may come."""
    if isinstance(period, ReportingYear):
        came = [_came(group, figures) if group.answers else group for group in section.groups]
        return section.model_copy(update={"groups": tuple(group for group in came if group.figures)})

    def due(ref: str) -> bool:
        area, _, name = ref.partition(".")
        known = name in partnership.measures and area in partnership.measures[name].areas
        return ref in figures or not known  # what is not known at all is refused later, with words

    groups = (
        group.model_copy(
            update={
                "figures": tuple(filter(due, group.figures)),
                "before": group.before if all(map(due, (*group.figures, *group.before))) else (),
            }
        )
        for group in section.groups
    )
    return section.model_copy(
        update={
            "headline": tuple(filter(due, section.headline)),
            "groups": tuple(group for group in groups if group.figures),
        }
    )


def _came(group: FigureGroup, figures: Mapping[str, Figure]) -> FigureGroup:
    came = (ref for ref in group.figures if ref in figures and figures[ref].status != "not_received")
    return group.model_copy(update={"figures": tuple(came)})


def requirements_unanswered(section: Section, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """Requirements that ask for figures of which one did not come."""
    return tuple(one.answers for one in section.groups if one.answers and _came(one, figures).figures != one.figures)


def refs_of(partnership: Partnership, section: Section, figures: Mapping[str, Figure]) -> list[str]:
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
            refs[ref_in_label(partnership, area, name, ref)] = None
    return list(refs)


def ref_in_label(partnership: Partnership, area: str, name: str, ref: str) -> str:
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


def absent_figure(partnership: Partnership, ref: str, period: Return) -> Figure:
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


def unread_figures(
    partnership: Partnership, shown: Mapping[str, Figure], files: Sequence[GatheredFile]
) -> dict[str, str]:
    """Figures for which something came that is no value, each with the first place where it stands."""
    came = {(one.area, one.measure): clean(one.place) for file in reversed(files) for one in file.unread}
    found = {}
    for ref, figure in shown.items():
        places = [came[one] for one in sorted(needed_measures(partnership, ref)) if one in came]
        if figure.status == "not_received" and places:
            found[ref] = places[0]
    return found


def title_of(partnership: Partnership, figure: Figure, several_areas: bool) -> str:
    """What a figure is called, with its area where the section has figures of several."""
    title = partnership.measures[figure.measure].title
    return clean(f"{title}, {partnership.areas[figure.area].short_name}" if several_areas else title)


def observations_behind(figure: Figure, observations: Mapping[str, Observation]) -> list[Observation]:
    """What a figure rests on.

    Raises:
        Refused: an observation is not there.
    """
    try:
        return [observations[id_] for id_ in figure.observations]
    except KeyError as missing:
        raise Refused(
            f"The figure '{figure.id}' rests on an observation that was not given.",
            where=f"observation {missing.args[0]}",
            why="A figure whose source cannot be shown must not be printed.",
            to_do="Make the register again from the gathered returns of this period.",
        ) from None


def carriers_of(partnership: Partnership, ref: str, section_gaps: Sequence[Gap]) -> list[Gap]:
    """Gaps of sources that would have carried a figure, or what it is worked out from."""
    wanted = needed_measures(partnership, ref)
    return [gap for gap in section_gaps if carries(gap.source, wanted) and not gap.source.second_opinion]
