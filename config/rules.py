"""Which checks between figures are made: one frozen value per kind of reconciliation rule.

Belongs here: what a rule needs to be told. Does not belong here: its arithmetic (``tasks.reconcile``).

A measure in a rule stands for that measure in every area that has it, unless ``areas`` names some. ``tolerance`` is in
the measure's own unit, ``tolerance_percent`` a share of the larger value; a difference within either is no finding.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from config.model import Frozen, Id, Severity, Words


class _Rule(Frozen):
    id: Id
    says: Words
    """The rule in one plain sentence."""
    matters: Words
    """Why a reader of the report should care."""
    to_do: Words
    owner: Id
    severity: Severity = "look_at"
    areas: tuple[Id, ...] = ()
    tolerance: Decimal = Field(default=Decimal(0), ge=0)
    tolerance_percent: Decimal = Field(default=Decimal(0), ge=0)


class SameFigure(_Rule):
    """The same figure from two sources is the same."""

    kind: Literal["same_figure"]
    measures: tuple[Id, ...] = Field(min_length=1)


class YearFromQuarters(_Rule):
    """The year agrees with its quarters, by the arithmetic that the measure's statistic allows."""

    kind: Literal["year_from_quarters"]
    measures: tuple[Id, ...] = Field(min_length=1)


class PartsAndWhole(_Rule):
    """Parts add up to their whole; ``overlap`` is counted in two parts, and must not be counted twice."""

    kind: Literal["parts_and_whole"]
    whole: Id
    parts: tuple[Id, ...] = Field(min_length=2)
    overlap: Id | None = None


class PartWithinWhole(_Rule):
    """A part is not larger than its whole; nor are several together, where ``also`` names others beside it."""

    kind: Literal["part_within_whole"]
    part: Id
    also: tuple[Id, ...] = ()
    whole: Id


class PercentageRecomputes(_Rule):
    """A percentage follows from its numerator and denominator, at the decimals printed."""

    kind: Literal["percentage_recomputes"]
    percentage: Id
    numerator: Id
    denominator: Id


class PercentageReachable(_Rule):
    """Some whole number out of the denominator gives the percentage, at the decimals printed, and tells enough.

    ``overlap`` is counted twice in the denominator, so that the percentage may be one of a smaller number. With
    ``most_counts`` a percentage that is printed too coarsely, so that more counts than these look alike, is told.
    """

    kind: Literal["percentage_reachable"]
    percentage: Id
    denominator: Id
    overlap: Id | None = None
    most_counts: int | None = Field(default=None, ge=1)


class SharedReference(_Rule):
    """A figure from outside is the same, with the same date, wherever it is quoted."""

    kind: Literal["shared_reference"]
    measures: tuple[Id, ...] = Field(min_length=1)
    compare: Literal["value", "source_date"]


class AgainstOfficial(_Rule):
    """A figure agrees with official statistics; releases are kept apart, and a revision is told as one."""

    kind: Literal["against_official"]
    measures: tuple[Id, ...] = Field(min_length=1)


class Cadence(_Rule):
    """What is expected each period came."""

    kind: Literal["cadence"]
    sources: tuple[Id, ...] = Field(min_length=1)


class RollForward(_Rule):
    """What was open at the start, with what started and without what ended, is what is open at the end.

    Each source and each release that has all of them is asked by itself.
    """

    kind: Literal["roll_forward"]
    stock: Id
    started: Id
    ended: Id


class Movement(_Rule):
    """A figure that moved by more than ``percent`` since the last year, or the last quarter, needs a reason.

    Fewer than ``smallest`` cases move by such a share by chance, and are not judged.
    """

    kind: Literal["movement"]
    measures: tuple[Id, ...] = Field(min_length=1)
    since: Literal["last_year", "last_quarter"]
    percent: Decimal = Field(gt=0)
    smallest: int = Field(default=0, ge=0)


class ComparableAreas(_Rule):
    """What is set side by side for two areas is the same: definition, scope, decimals.

    All measures of two boroughs are asked that say what must be known of them (``must_say``), that an area describes
    otherwise than the next (``says``), that are printed with other decimals, or that only look alike
    (``not_comparable_with``).
    """

    kind: Literal["comparable_areas"]
    per: Id | None = None
    """The population beside which counts are told, for boroughs of different size."""


class InEveryArea(_Rule):
    """What the report prints for one borough it prints for the others."""

    kind: Literal["in_every_area"]


class FairComparison(_Rule):
    """Boroughs of different size are compared by rates, where the order by counts is another."""

    kind: Literal["fair_comparison"]
    per: Id
    """The population on which rates are worked out."""


class ComparatorFits(_Rule):
    """A comparator is about the same: place, phase, year. ``measures`` stand beside ``comparator`` in print."""

    kind: Literal["comparator_fits"]
    measures: tuple[Id, ...] = Field(min_length=1)
    comparator: Id


class SectionWording(_Rule):
    """A section's words fit its figures: none that stood on a day is told as going on throughout, none is 'about'."""

    kind: Literal["section_wording"]
    about: Literal["period", "exactness", "label"]


class DatedAndSourced(_Rule):
    """Every figure that a section prints says when it is for, or where it is from."""

    kind: Literal["dated_and_sourced"]
    about: Literal["date", "source"]


class PrintedAlike(_Rule):
    """Figures are printed alike: the decimals of percentages, or the order of measures in sections of the same kind."""

    kind: Literal["printed_alike"]
    about: Literal["decimals", "order"]


class PartsRead(Frozen):
    """One way to read what an area counts: these parts are what the percentage is a share of the whole for."""

    area: Id
    reading: Words
    percentage: Id
    parts: tuple[Id, ...] = Field(min_length=1)


class ImpliedDenominator(_Rule):
    """The whole that a percentage and its count imply is credible, and for the same reading in each area.

    A whole is credible if it is between ``least`` and ``most`` percent of ``beside``; without ``beside`` the
    percentage itself must be.
    """

    kind: Literal["implied_denominator"]
    readings: tuple[PartsRead, ...] = Field(min_length=1)
    beside: Id | None = None
    least: Decimal
    most: Decimal


class PlausibleRatio(_Rule):
    """So many of one to each of another are likely; what may not be divided by each other is told.

    ``less`` is taken off above and below (those looked after, from all children and from all episodes). ``instead`` is
    the denominator that would be right where ``below`` is not.
    """

    kind: Literal["plausible_ratio"]
    above: Id
    below: Id
    above_less: Id | None = None
    below_less: Id | None = None
    instead: Id | None = None
    unrelated: str = ""
    """Why the two may not be divided by each other at all: other events, other months."""
    least: Decimal = Decimal(0)
    most: Decimal | None = None
    percent: bool = False
    """Told as a percentage rather than as a number to each."""


class ExpectedCount(_Rule):
    """As many as were promised: one a month, a quarter or a term, in each borough where it says so."""

    kind: Literal["expected_count"]
    measures: tuple[Id, ...] = Field(min_length=1)
    every: Literal["month", "quarter", "term"]
    in_each_borough: bool = False


class SmallNumbers(_Rule):
    """A small number of people is not printed, nor what would give it away: totals, and what is left of a whole.

    ``smallest`` is the least number of people that somebody else would print; left out, what the partnership's own
    policy says of each measure.
    """

    kind: Literal["small_numbers"]
    smallest: int | None = Field(default=None, gt=1)


class OfficialPattern(_Rule):
    """The boroughs agree with official statistics equally often: else one of them took its figures from elsewhere."""

    kind: Literal["official_pattern"]
    measures: tuple[Id, ...] = Field(min_length=2)
    apart_percent: Decimal = Field(gt=0)


Rule = Annotated[
    SameFigure
    | YearFromQuarters
    | PartsAndWhole
    | PartWithinWhole
    | PercentageRecomputes
    | PercentageReachable
    | SharedReference
    | AgainstOfficial
    | RollForward
    | Movement
    | ComparableAreas
    | InEveryArea
    | FairComparison
    | ComparatorFits
    | SectionWording
    | DatedAndSourced
    | PrintedAlike
    | ImpliedDenominator
    | PlausibleRatio
    | ExpectedCount
    | SmallNumbers
    | OfficialPattern
    | Cadence,
    Field(discriminator="kind"),
]
