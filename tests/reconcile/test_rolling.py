"""A stock that rolls forward, and figures that moved by more than they may without a reason."""

import pytest

from tests.reconcile.example import (
    BOROUGHS,
    Q1,
    Q2,
    YEAR,
    dataset,
    figures_of,
    findings_of,
    measure,
    official,
    only,
    partnership,
    rule,
    said,
)

OPEN = measure("open_cases", "stock", title="Open cases")
STARTED = measure("started", title="Started")
ENDED = measure("ended", title="Ended")
LAST_YEAR = YEAR.before
ROLLS = rule("roll_forward", stock="open_cases", started="started", ended="ended", areas=["eastmere"])


def rolling(*extra, **about):
    names = ("open_cases", "started", "ended")
    sources = [dataset(area, *names) for area in BOROUGHS] + list(extra)
    return partnership([OPEN, STARTED, ENDED], sources, [ROLLS.model_copy(update=about)])


def cases(opening, started, ended, closing, source="dataset-eastmere"):
    given = {("open_cases", LAST_YEAR): opening, ("open_cases", YEAR): closing, ("started", YEAR): started}
    given["ended", YEAR] = ended
    return [
        said(source, "eastmere", name, period, value) for (name, period), value in given.items() if value is not None
    ]


@pytest.mark.parametrize(
    ("given", "outcome", "says"),
    [
        ((321, 131, 118, 334), "passed", "321 + 131 - 118 = 334, as 334 were open at 31 March 2024."),
        ((321, 131, 118, 336), "failed", "321 + 131 - 118 = 334, and 336 were open at 31 March 2024: 2 apart."),
        ((None, 131, 118, 336), "not_evaluated", "Open cases at 31 March 2023: not received."),
        ((321, "c", 118, 336), "not_evaluated", "Started: c."),
        ((0, 0, 0, 0), "passed", "0 + 0 - 0 = 0"),
    ],
    ids=["it rolls", "it does not", "no opening", "a part is hidden", "nobody"],
)
def test_a_stock_rolls_forward(given, outcome, says) -> None:
    found = only(findings_of(rolling(), cases(*given)))
    assert found.outcome == outcome
    assert says in f"{found.title} {found.reason}"


def test_each_release_is_asked_by_itself() -> None:
    releases = [official(f"dfe-{day[:4]}", day, "open_cases", "started", "ended") for day in ("2024-11", "2025-11")]
    told = cases(321, 125, 114, 334, "dfe-2024") + cases(321, 131, 118, 334, "dfe-2025")
    found = findings_of(rolling(*releases), told)
    outcomes = {one.subject: one.outcome for one in found}
    assert outcomes["eastmere.open_cases-dfe-2024.2023-24"] == "failed"
    assert outcomes["eastmere.open_cases-dfe-2025.2023-24"] == "passed"
    assert outcomes["eastmere.open_cases-dataset-eastmere.2023-24"] == "not_evaluated"


def test_a_quarter_opens_with_what_the_register_had_at_the_end_of_the_last() -> None:
    p = rolling()
    earlier = list(figures_of(p, [said("dataset-eastmere", "eastmere", "open_cases", Q1, 40)], Q1).values())
    told = [
        said("dataset-eastmere", "eastmere", name, Q2, value)
        for name, value in (("open_cases", 44), ("started", 10), ("ended", 6))
    ]
    found = only(findings_of(p, told, Q2, earlier={str(Q1): earlier}))
    assert (found.outcome, found.arithmetic) == ("passed", "40 + 10 - 6 = 44")


# Movement


def moving(since: str = "last_year", **about):
    sources = [dataset(area, "started") for area in BOROUGHS] + [official("dfe", "2025-10", "started")]
    given = {"measures": ["started"], "since": since, "percent": 25, "areas": ["eastmere"], **about}
    return partnership([STARTED], sources, [rule("movement", **given)])


@pytest.mark.parametrize(
    ("was", "now", "outcome", "says"),
    [
        (254, 332, "failed", "254 to 332 is +30.7% since the year to 31 March 2023"),
        (176, 158, "passed", "176 to 158 is -10.2%"),
        (100, 125, "passed", "100 to 125 is +25.0%"),
        (100, 74, "failed", "100 to 74 is -26.0%"),
        (0, 30, "not_evaluated", "There was none before."),
        (4, 9, "not_evaluated", "Fewer than 10 move by chance."),
        (None, 30, "not_evaluated", "The year to 31 March 2023: no value is known."),
        ("c", 30, "not_evaluated", "The year to 31 March 2023: c."),
    ],
    ids=["more", "less", "just as much as allowed", "a fall", "none before", "few", "unknown", "hidden"],
)
def test_a_figure_that_moved_needs_a_reason(was, now, outcome, says) -> None:
    told = [
        said("dfe", "eastmere", "started", period, one)
        for period, one in ((LAST_YEAR, was), (YEAR, now))
        if one is not None
    ]
    told.append(said("dataset-eastmere", "eastmere", "started", YEAR, now))
    found = only(findings_of(moving(smallest=10), told))
    assert found.outcome == outcome
    assert says in f"{found.title} {found.reason}"


def test_the_register_s_own_year_before_comes_first() -> None:
    p = moving()
    earlier = list(figures_of(p, [said("dataset-eastmere", "eastmere", "started", LAST_YEAR, 200)], LAST_YEAR).values())
    told = [said("dfe", "eastmere", "started", period, 100) for period in (LAST_YEAR, YEAR)]
    told.append(said("dataset-eastmere", "eastmere", "started", YEAR, 100))
    found = only(findings_of(p, told, earlier={str(LAST_YEAR): earlier}))
    assert (found.outcome, found.arithmetic) == ("failed", "200 to 100 is -50.0%")


def test_a_quarter_is_held_against_the_last_quarter_and_a_year_against_the_last_year() -> None:
    p = moving("last_quarter")
    earlier = list(figures_of(p, [said("dataset-eastmere", "eastmere", "started", Q1, 100)], Q1).values())
    told = [said("dataset-eastmere", "eastmere", "started", Q2, 160)]
    assert only(findings_of(p, told, Q2, earlier={str(Q1): earlier})).outcome == "failed"
    assert findings_of(p, told, YEAR) == []
    assert findings_of(moving(), told, Q2) == []
