"""Plain text and back: what is written is what is read, and a spreadsheet runs none of it."""

import csv
import dataclasses
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import model, plain
from tasks.model import Figure, Observation, Place, Reading
from tests.reconcile.example import YEAR, said

VALUES = [
    model.Place,
    model.Observation,
    model.Narrative,
    model.Problem,
    model.Unread,
    model.GatheredFile,
    model.Verdict,
    model.ValueBeside,
    model.Decision,
    model.Settlement,
    model.Finding,
    model.Figure,
    model.Draft,
]
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False, places=4))


def test_every_value_between_stages_is_tried() -> None:
    declared = {value for value in vars(model).values() if dataclasses.is_dataclass(value)}
    assert declared == {*VALUES, Reading, model.Gathered, model.Register}


@given(st.sampled_from(VALUES).flatmap(lambda kind: st.lists(st.from_type(kind), max_size=2).map(lambda v: (kind, v))))
def test_what_is_written_is_what_is_read(told: tuple[type, list[object]]) -> None:
    kind, values = told
    assert plain.from_json(list[kind], plain.to_json(values)) == values  # type: ignore[valid-type]


def test_a_reading_leaves_its_table_behind() -> None:
    reading = Reading(observations=(said("a", "eastmere", "referrals", YEAR, 3),), rows=object())
    told = plain.to_plain(reading)
    assert "rows" not in told
    assert plain.from_plain(Reading, told) == reading


def test_decimals_are_text_and_never_in_exponents() -> None:
    assert plain.to_plain(Decimal("1E+3")) == "1000"
    assert json.loads(plain.to_json(Decimal("24.90"))) == "24.90"


def test_the_same_value_is_always_the_same_text() -> None:
    one = said("a", "eastmere", "referrals", YEAR, 3)
    assert plain.to_json(one) == plain.to_json(dataclasses.replace(one))


GOOD = plain.to_plain(Place("a.csv", "f" * 64))
OBSERVED = plain.to_plain(said("a", "eastmere", "referrals", YEAR, 3))


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        (Place, {**GOOD, "colour": "red"}, "'colour' is not known"),
        (Place, {"file": "a.csv"}, "'sha256' is missing"),
        (Place, ["a.csv"], "a Place is expected"),
        (Observation, {**OBSERVED, "value": 3.5}, "value: Decimal is expected"),
        (Observation, {**OBSERVED, "value": "three"}, "value: a number is expected"),
        (Observation, {**OBSERVED, "place": {**GOOD, "cell": 7}}, "place.cell: str is expected"),
        (list[Observation], {"0": OBSERVED}, "a list is expected"),
        (model.Problem, {"what": "", "where": "", "why": "", "to_do": "", "severity": "dreadful"}, "one of must_fix"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_key(kind, told, words) -> None:
    with pytest.raises(plain.NotPlain, match=words):
        plain.from_plain(kind, told)


def test_what_is_no_json_is_refused_with_its_line() -> None:
    with pytest.raises(plain.NotPlain, match="line 2"):
        plain.from_json(list[Figure], "[\n{")


def test_what_cannot_be_plain_is_refused() -> None:
    with pytest.raises(plain.NotPlain, match="object"):
        plain.to_plain(object())


def test_no_cell_is_a_formula() -> None:
    rows = [
        {"label": text, "value": "-3"} for text in ("=HYPERLINK(1)", "+1", "-1", "@sum", "\tx", "fine", "two\r\nlines")
    ]
    told = plain.to_csv(rows, ("label", "value"), numbers=("value",))
    cells = [row["label"] for row in csv.DictReader(io.StringIO(told, newline=""))]
    assert cells == ["'=HYPERLINK(1)", "'+1", "'-1", "'@sum", "'\tx", "fine", "two\r\nlines"]
    assert {row["value"] for row in csv.DictReader(io.StringIO(told, newline=""))} == {"-3"}
