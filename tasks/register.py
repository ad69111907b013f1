"""The figures book: of each figure which source leads, how the value came about, and what stands beside it.

Belongs here: choosing the leading source, making the figure from its observations, and its status after the checks.
Does not belong here: arithmetic (``tasks.measures``), comparing sources (``tasks.reconcile``), people's decisions.

A borough's figure is led by the sources that send it; official statistics lead only where nobody else is asked for the
measure, and always for regions and the nation. When the leading source's file is missing the next one leads, and the
derivation says so; a second opinion never steps in for a file that did not come. A figure of the whole partnership that
nobody is asked for is made from the boroughs' own, where the configuration keeps the measure for the partnership.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from config.layouts import OfficialStatistics, Source, Workbook
from config.model import Area, Measure
from config.partnership import Partnership, label_refs, measures_of
from config.periods import ReportingYear, Return, parse_period
from tasks.measures import (
    NOT_RECEIVED,
    Amount,
    IllegalOperation,
    add_areas,
    dated_by_itself,
    display,
    round_half_up,
    share,
    wording,
)
from tasks.model import Figure, FigureStatus, Finding, GatheredFile, Observation, Place
from tasks.over_time import Given, amount_for, same_value_periods, texts_of, texts_within
from tasks.words import listed, without_number

Key = tuple[str, str]
"""Area and measure."""


@dataclass(frozen=True)
class Account:
    """What one source says of one figure."""

    source: Source
    amount: Amount
    others: tuple[Observation, ...] = ()
    """What the same source says besides on the same figure: a second code, a recomputed percentage as it was sent."""
    refusal: str = ""
    """Why its values may not be combined, where that is so."""


def periods_about(period: Return) -> frozenset[str]:
    """Texts of all periods whose values a period can rest on or be held against: its year, and the year before.

    Official statistics carry ten years and more; what is of none of these is not looked at.
    """
    year = period.year
    return frozenset({*texts_of(year), *texts_within(year), str(year.before)})


def is_official(source: Source) -> bool:
    """Is the source a publication of official statistics?"""
    return isinstance(source.layout, OfficialStatistics)


class Ledger:
    """All observations of a period by source, area and measure, and what each source's add up to."""

    def __init__(
        self,
        partnership: Partnership,
        period: Return,
        observations: Sequence[Observation],
        files: Sequence[GatheredFile] = (),
    ) -> None:
        self.partnership = partnership
        self.period = period
        self._latest_first = _file_order(files)
        self.observations: dict[str, Observation] = {}
        self._given: dict[tuple[str, str], dict[tuple[str, str], Amount]] = {}
        self._said: dict[tuple[str, str], dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
        about = periods_about(period)
        for one in sorted((one for one in observations if one.period in about), key=self._leading_order):
            kept_for = partnership.measures[one.measure].areas if one.measure in partnership.measures else ()
            shown = one.value is not None or one.symbol != ""
            if shown and one.source in partnership.sources and one.area in kept_for and one.id not in self.observations:
                self.observations[one.id] = one
                self._said[one.source, one.area][one.measure].append(one)

    def _leading_order(self, one: Observation) -> tuple[int, tuple[object, ...]]:
        return self._latest_first.get(one.place.sha256, 0), reading_order(one.place)

    def given(self, source: str, area: str) -> Given:
        """What a source gave for an area; of two values for one period the one of its latest file, first by place."""
        if (source, area) in self._given:
            return self._given[source, area]
        given = self._given[source, area] = {}
        for measure, said in self._said.get((source, area), {}).items():
            for one in said:
                sent = Amount(one.value, one.symbol, behind=(one.id,), sent_for=one.period)
                given.setdefault((measure, one.period), sent)
        return given

    def said(self, source: str, area: str, measure: str) -> Sequence[Observation]:
        """Observations of one source on one measure of an area, the leading ones first."""
        return self._said.get((source, area), {}).get(measure, ())

    @cached_property
    def accounts(self) -> Mapping[Key, tuple[Account, ...]]:
        """What each source says of each figure, the source that leads first."""
        told: dict[Key, list[Account]] = defaultdict(list)
        for source_id, area in sorted(self._said):
            source, given = self.partnership.sources[source_id], self.given(source_id, area)
            sent = set(self._said[source_id, area])
            for measure in self.partnership.measures.values():
                if area in measure.areas and _follows_from(measure, sent):
                    account = self._account(source, area, measure, given)
                    if account.amount.there or account.amount.behind or account.others or account.refusal:
                        told[area, measure.id].append(account)
        return {key: tuple(sorted(said, key=lambda one: self._rank(key, one.source))) for key, said in told.items()}

    def _account(self, source: Source, area: str, measure: Measure, given: Given) -> Account:
        refusal, amount, measures = "", Amount(derivation=NOT_RECEIVED), self.partnership.measures
        try:
            amount = amount_for(measure, self.period, given, measures, as_sent_first=is_official(source))
        except IllegalOperation as error:
            refusal = str(error)
        same = same_value_periods(measure, self.period, measures)
        others = [
            one for one in self.said(source.id, area, measure.id) if one.period in same and one.id not in amount.behind
        ]
        return Account(source, amount, tuple(others), refusal)

    def _rank(self, key: Key, source: Source) -> tuple[bool, bool, int]:
        return source.second_opinion, ".".join(key) not in source.leads, self._places[source.id]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.partnership.sources)}

    @cached_property
    def carriers(self) -> Mapping[Key, tuple[Source, ...]]:
        """Which sources are asked for each figure, the one that leads first."""
        carried: dict[Key, list[Source]] = defaultdict(list)
        for source in self.partnership.sources.values():
            for key in _carried(self.partnership, source):
                carried[key].append(source)
        return {key: tuple(sorted(sources, key=lambda one: self._rank(key, one))) for key, sources in carried.items()}

    def due(self, key: Key) -> tuple[Source, ...]:
        """Sources that are asked for a figure in this period; what has a date of its own is due by the year's end."""
        carriers = self.carriers.get(key, ())
        if isinstance(self.period, ReportingYear):
            return carriers
        if self.period.number < 4 and dated_by_itself(self.partnership.measures[key[1]]):
            return ()
        return tuple(one for one in carriers if one.every == "quarter")

    def may_lead(self, key: Key, source: Source) -> bool:
        """May a source lead for a figure, by what it is and who else is asked for it?"""
        if self.partnership.areas[key[0]].kind in ("neighbour", "region", "nation"):
            return is_official(source)
        return not source.second_opinion or all(one.second_opinion for one in self.carriers.get(key, ()))

    def leading(self, key: Key) -> Account | None:
        """The account from which a figure is made.

        It is the first with a value of the period's own; else with one since 1 April; else with a part of it.
        """
        said = [one for one in self.accounts.get(key, ()) if self.may_lead(key, one.source)]
        there = [one for one in said if one.amount.there]
        return next((one for one in there if not one.amount.to_date), next(iter(there or said), None))

    def amount(self, key: Key) -> Amount | None:
        """The amount of a figure; ``None`` where nobody is asked for it, nobody sent it and it follows from nothing."""
        if lead := self.leading(key):
            return lead.amount
        if self.due(key) or key in self.accounts:
            return Amount(derivation=NOT_RECEIVED)
        measure = self.partnership.measures[key[1]]
        return self._of_the_whole(measure) if self.partnership.areas[key[0]].kind == "partnership" else None

    def _of_the_whole(self, measure: Measure) -> Amount | None:
        """A figure of the partnership from those of all its boroughs; ``None`` where no borough is asked for it now."""
        if measure.statistic in ("percentage", "rate"):
            return self._share_of_the_whole(measure)
        boroughs = [borough for borough in self.partnership.boroughs if borough.id in measure.areas]
        asked = {
            one.id for one in boroughs if any(not is_official(source) for source in self.due((one.id, measure.id)))
        }
        if not asked or measure.statistic == "reference":
            return None
        if others := [one.name for one in self.partnership.boroughs if one.id not in asked]:
            return Amount(derivation=f"cannot be made, because {listed(others)} {_are(others)} not asked for it")
        leads = [(one.name, self.leading((one.id, measure.id))) for one in boroughs]
        amounts = [lead.amount if lead else Amount(derivation=NOT_RECEIVED) for _, lead in leads]
        missing = [name for name, lead in leads if lead is None or not lead.amount.there]
        since_april = [one.to_date for one in amounts]
        if not missing and any(since_april) and not all(since_april):
            return Amount(derivation="cannot be made, because some areas count the quarter and others since 1 April")
        if not missing:
            return replace(add_areas(measure, amounts), to_date=all(since_april))
        behind = tuple(one for amount in amounts for one in amount.behind)
        words = f"not complete: {listed(missing)} {_are(missing)} missing"
        return Amount(derivation=words, behind=behind, missing=tuple(missing))

    def _share_of_the_whole(self, measure: Measure) -> Amount | None:
        """A share of the partnership: never an average of its boroughs' shares."""
        parts = [self.partnership.measures[name] for name in (measure.numerator, measure.denominator) if name]
        amounts = [self._of_the_whole(part) for part in parts]
        if len(parts) < 2 or amounts[0] is None or amounts[1] is None:
            return None
        for part, amount in zip(parts, amounts, strict=True):
            if amount is not None and not amount.there:
                return replace(amount, derivation=f"{part.title}: {amount.derivation}")
        return share(measure, amounts[0], amounts[1])


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _file_order(files: Sequence[GatheredFile]) -> dict[str, int]:
    """Rank files by SHA-256: the latest period's first, superseded ones last."""
    order = {one: (one.state != "superseded", parse_period(one.period).last_day) for one in files}
    ranks = {value: rank for rank, value in enumerate(sorted(set(order.values()), reverse=True))}
    found: dict[str, int] = {}
    for one in files:
        found[one.sha256] = min(ranks[order[one]], found.get(one.sha256, len(ranks)))
    return found


def reading_order(place: Place) -> tuple[object, ...]:
    """Order places as a person reads: file, sheet, row, column; ``line 9`` before ``line 10``."""
    if found := re.fullmatch(r"([A-Z]{1,3})(\d+)", place.cell):
        cell: tuple[object, ...] = (0, int(found[2]), len(found[1]), found[1])
    else:
        cell = (1, *_natural(place.cell))
    return (_natural(place.file), place.sha256, _natural(place.sheet), cell)


@lru_cache(maxsize=4096)
def _natural(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((letters, int(digits or 0)) for letters, digits in re.findall(r"(\D*)(\d*)", text))


def _carried(p: Partnership, source: Source) -> Iterable[Key]:
    """Every figure that a source is asked for, with those that follow from them."""
    layout = source.layout
    areas: dict[str, set[str]] = defaultdict(set)
    if isinstance(layout, OfficialStatistics):
        published = layout.areas or [area.id for area in p.profile.areas if area.kind != "partnership"]
        areas = defaultdict(set, {area: measures_of(source) for area in published})
    elif isinstance(layout, Workbook):
        for sheet in layout.sheets:
            areas[getattr(sheet, "area", None) or layout.area] |= set(getattr(sheet, "rows", ()))
    else:
        areas[layout.area] = measures_of(source)
    for area, sent in areas.items():
        yield from ((area, m.id) for m in p.measures.values() if area in m.areas and _follows_from(m, sent))


def _follows_from(measure: Measure, sent: set[str]) -> bool:
    """Can the measure be had from what is sent: itself, both parts of its share, or the flow that it is the mean of?"""
    return measure.id in sent or measure.mean_of in sent or {measure.numerator, measure.denominator} <= sent


def build(
    partnership: Partnership,
    period: Return,
    observations: Sequence[Observation],
    files: Sequence[GatheredFile] = (),
) -> list[Figure]:
    """Make every figure of a period: those that some source is asked for, and those that came without being asked for.

    Of ``files`` only the periods are read: where a sender sends a value twice, that of the later file leads.
    """
    ledger = Ledger(partnership, period, observations, files)
    figures: dict[Key, Figure] = {}
    for area in partnership.profile.areas:
        for measure in partnership.measures.values():
            if area.id in measure.areas and (amount := ledger.amount((area.id, measure.id))):
                figures[area.id, measure.id] = _figure(ledger, area, measure, amount)
    return list(figures.values())


def _figure(ledger: Ledger, area: Area, measure: Measure, amount: Amount) -> Figure:
    key, period = (area.id, measure.id), ledger.period
    lead = ledger.leading(key)
    decimals = measure.decimals_for(area.id)
    status: FigureStatus = "provisional" if amount.there else "not_received"
    beside = [one.id for one in lead.others] if lead else []
    for account in ledger.accounts.get(key, ()):
        if account is not lead:
            beside += [*account.amount.behind, *(one.id for one in account.others)]
    sources = {ledger.observations[one].source for one in amount.behind}
    return Figure(
        id=f"{area.id}.{measure.id}.{period}",
        area=area.id,
        measure=measure.id,
        period=str(period),
        value=None if amount.value is None else round_half_up(amount.value, decimals),
        symbol=amount.symbol,
        display=display(amount.value, amount.symbol, measure.unit, decimals, measure.statistic),
        unit=measure.unit,
        statistic=measure.statistic,
        wording=wording(measure, period, ledger.partnership.measures, to_date=amount.to_date),
        label=measure.label,
        status=status,
        derivation=_derivation(ledger, key, lead, amount),
        observations=amount.behind,
        beside=tuple(beside),
        illustrative=measure.illustrative or any(ledger.partnership.sources[one].illustrative for one in sources),
    )


def _derivation(ledger: Ledger, key: Key, lead: Account | None, amount: Amount) -> str:
    asked = [one for one in ledger.due(key) if ledger.may_lead(key, one)]
    if lead is None:
        return f"{NOT_RECEIVED} from {listed([one.title for one in asked])}" if asked else amount.derivation
    if not amount.there:
        return lead.refusal or amount.derivation
    first = next(iter(asked), lead.source)
    if first is not lead.source and lead.source in asked:
        return f"{amount.derivation} from {lead.source.title}, because {first.title} gave no value for the period"
    return amount.derivation


def label_in_words(figure: Figure, figures: Mapping[str, Figure]) -> str:
    """The label with the figures that it prints in it, for where they cannot be linked; ``figures`` by their ids."""
    label = figure.label
    for name in label_refs(label):
        other = figures.get(f"{figure.area}.{name}.{figure.period}")
        there = other is not None and other.status != "not_received"
        label = label.replace(f"{{{name}}}", other.display) if other and there else without_number(label, name)
    return label


def settle(figures: Iterable[Figure], findings: Iterable[Finding]) -> list[Figure]:
    """Hang on each figure the findings that are not passed; it is validated when none of them stands against it.

    What somebody agreed to is agreed only while nothing else stands against it.
    """
    about: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.outcome != "passed":
            for figure_id in finding.figures:
                about[figure_id].append(finding)
    return [_settled(figure, about[figure.id]) for figure in figures]


def _settled(figure: Figure, findings: Sequence[Finding]) -> Figure:
    disputed = any(
        one.outcome == "failed" and one.severity != "information" and one.state != "decided" for one in findings
    )
    status = figure.status
    if status in ("provisional", "validated") or (status == "agreed" and disputed):
        status = "validated" if figure.value is not None and not disputed else "provisional"
    return replace(figure, findings=tuple(sorted({one.id for one in findings})), status=status)
