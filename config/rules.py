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
    """A part is not larger than its whole."""

    kind: Literal["part_within_whole"]
    part: Id
    whole: Id


class PercentageRecomputes(_Rule):
    """A percentage follows from its numerator and denominator, at the decimals printed."""

    kind: Literal["percentage_recomputes"]
    percentage: Id
    numerator: Id
    denominator: Id


class PercentageReachable(_Rule):
    """Some whole number out of the denominator gives the percentage, at the decimals printed."""

    kind: Literal["percentage_reachable"]
    percentage: Id
    denominator: Id


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


Rule = Annotated[
    SameFigure
    | YearFromQuarters
    | PartsAndWhole
    | PartWithinWhole
    | PercentageRecomputes
    | PercentageReachable
    | SharedReference
    | AgainstOfficial
    | Cadence,
    Field(discriminator="kind"),
]
