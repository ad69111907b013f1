"""How does the cost of reconciling grow with the number of authorities? Measured side by side at 2, 20 and 153.

Not part of `make test`: run it with `make bench`. Ten years of tables in the form of the department's are reconciled,
each year by itself, as a yearly run does. The whole releases are used where they lie beside the project; else tables of
the same shape are made up. A borough's own figures are the official ones, one in seven of them a little off.
"""

from __future__ import annotations

import csv
import gc
import math
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from config.model import Area
from config.partnership import Partnership
from config.periods import ReportingYear
from tasks import register
from tasks.gather import read
from tasks.model import Observation, Place
from tasks.reconcile import reconcile
from tests.conftest import ROOT
from tests.reconcile.example import dataset, partnership, rule

RELEASES = ROOT.parent / "shared" / "official-statistics"
SIZES = (2, 20, 153)
YEARS = tuple(ReportingYear(start) for start in range(2014, 2024))
TURNS = 2
COUNTS = ("referrals", "rereferrals", "cin_open", "cin_any_point", "cin_ended", "cla_open", "population_under_18")
OFFICIAL = ("official-cin", "official-referrals", "official-cla-2024", "official-cla-2025")
LINEAR = 1.25
"""An exponent up to this is called linear: what is done once a run makes it smaller, a loaded machine larger."""


def authorities() -> list[tuple[str, str]]:
    """Code and name of each authority, from a release or made up."""
    path = RELEASES / "b1_children_in_need_2013_to_2025.csv"
    if not path.is_file():
        return [(f"E0600{number:04d}", f"Authority {number}") for number in range(1, 154)]
    with path.open(encoding="utf-8-sig", newline="") as lines:
        named = {row["new_la_code"]: row["la_name"] for row in csv.DictReader(lines) if row["time_period"] == "2024"}
    return sorted((code, name) for code, name in named.items() if code)


def of_size(size: int) -> Partnership:
    """A partnership of so many authorities, with the measures and rules of the demonstration about official figures."""
    from config.load import load_partnership

    model = load_partnership("hsscp")
    boroughs = tuple(
        Area(id=f"la-{code.lower()}", name=name, short_name=name, kind="borough", ons_code=code)
        for code, name in authorities()[:size]
    )
    outside = tuple(area for area in model.profile.areas if area.kind in ("region", "nation"))
    ids = tuple(area.id for area in boroughs)
    names = {name for source in OFFICIAL for name in (one.measure for one in model.sources[source].layout.indicators)}
    measures = [
        model.measures[name].model_copy(
            update={"areas": (*ids, *(a.id for a in outside)), "as_at_words": "", "decimals_by_area": {}, "label": name}
        )
        for name in sorted(names)
    ]
    sources = [dataset(area, *COUNTS, every="year", title=f"Dataset of {area}") for area in ids]
    sources += [model.sources[name] for name in OFFICIAL]
    rules = [
        *(rule("against_official", f"official-{one}", measures=[one], tolerance_percent="0.5") for one in COUNTS),
        rule("parts_and_whole", "adds-up", whole="cin_any_point", parts=["cin_ended", "cin_open"]),
        rule("part_within_whole", "within", part="rereferrals", whole="referrals"),
        rule("part_within_whole", "cared-for", part="cla_open", whole="cin_open"),
        rule("roll_forward", "rolls", stock="cla_open", started="cla_started", ended="cla_ceased"),
        rule("movement", "moved", measures=list(COUNTS), since="last_year", percent=25),
        rule("plausible_ratio", "ratio", above="referrals", below="population_under_18", percent=True, most=20),
        rule("percentage_reachable", "reachable", percentage="rereferral_rate", denominator="referrals"),
        rule("fair_comparison", "fair", per="population_under_18"),
        rule("official_pattern", "pattern", measures=list(COUNTS), apart_percent=30),
        rule("small_numbers", "small", smallest=6),
        rule("comparable_areas", "alike", per="population_under_18"),
    ]
    made = partnership(measures, sources, rules)
    profile = made.profile.model_copy(update={"areas": (*boroughs, *outside)})
    return replace(made, profile=profile)


def official(p: Partnership) -> list[Observation]:
    """Every year of every release, read by the product's own reader; made up where there are no releases."""
    if not RELEASES.is_dir():
        return list(_made_up(p))
    found: list[Observation] = []
    for name in OFFICIAL:
        source = p.sources[name]
        path = next(path for path in sorted(RELEASES.iterdir()) if path.match(source.files[0]))
        reading = read(source, path.read_bytes(), path.name, YEARS[-1], areas=p.profile.areas)
        found += reading.observations
    return found


def _made_up(p: Partnership) -> Iterator[Observation]:
    chance = random.Random(2024)
    for name in OFFICIAL:
        for area in p.profile.areas:
            for year in (YEARS[0].start_year - 1, *(one.start_year for one in YEARS)):
                for indicator in p.sources[name].layout.indicators:  # type: ignore[union-attr]
                    place = Place(f"{name}.csv", name, "", f"line of {area.id} {year} {indicator.measure}")
                    value = Decimal(chance.randint(10, 9000)) / (100 if "rate" in indicator.measure else 1)
                    yield Observation(name, area.id, indicator.measure, str(ReportingYear(year)), value, "", place)


def own(p: Partnership, published: list[Observation]) -> list[Observation]:
    """What the boroughs themselves say: the official figures, one in seven a little off."""
    chance = random.Random(153)
    boroughs = {area.id for area in p.boroughs}
    found = {}
    for one in published:
        if one.area in boroughs and one.measure in COUNTS and one.value is not None:
            value = one.value + (chance.randint(1, 20) if chance.random() < 1 / 7 else 0)
            place = Place(f"dataset-{one.area}.csv", f"sha-{one.area}", "", f"line of {one.measure} {one.period}")
            source = f"dataset-{one.area}"
            found[one.area, one.measure, one.period] = Observation(
                source, one.area, one.measure, one.period, value, "", place
            )
    return list(found.values())


def seconds(p: Partnership, observations: list[Observation]) -> tuple[float, int]:
    """The processor's time for ten years, and how many findings they have."""
    gc.collect()
    start, findings = time.process_time(), 0
    for year in YEARS:
        figures = register.build(p, year, observations)
        findings += len(reconcile(p, year, figures, observations))
    return time.process_time() - start, findings


@pytest.mark.benchmark
def test_the_cost_grows_with_the_number_of_authorities_and_no_faster() -> None:
    made = {size: of_size(size) for size in SIZES}
    told = {}
    for size, p in made.items():
        published = official(p)
        told[size] = published + own(p, published)
    best = {size: min(seconds(made[size], told[size]) for _ in range(TURNS)) for size in SIZES}
    print()
    for size, (took, findings) in best.items():
        print(f"{size:4} authorities, 10 years: {took:6.2f} s; {len(told[size]):6} observations, {findings:6} findings")
    logs = [(math.log(size), math.log(best[size][0])) for size in SIZES]
    mean_x, mean_y = (sum(of) / len(of) for of in zip(*logs, strict=True))
    exponent = sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)
    last = (logs[2][1] - logs[1][1]) / (logs[2][0] - logs[1][0])
    print(f"cost grows with the number of authorities to the power of {exponent:.2f} ({last:.2f} from 20 to 153)")
    assert last < LINEAR
