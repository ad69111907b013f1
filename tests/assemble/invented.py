"""An invented partnership, a year of invented returns, and the sections made of them: one for every shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from config.layouts import Source
from config.model import Guidance, Measure, Profile, Section
from config.partnership import Partnership
from config.periods import ReportingYear, Return
from tasks.assemble import section_context
from tasks.assemble.values import SectionContext
from tasks.model import Figure, Finding, GatheredFile, Narrative, Observation, Place, ValueBeside

YEAR = ReportingYear(2023)
RUN = "2023-24-0a1b2c3d4e"

# area, measure, statistic, in print, title | what stands behind the number
TABLE = """
eastmere population_under_18 stock 20,116 Children under 18 | children and young people under 18
eastmere child_poverty reference 35.3% Children in poverty | of children live in poverty after housing costs
eastmere fsm_primary percentage 38% Free school meals | of primary pupils get free meals (nationally {fsm_national})
eastmere fsm_national percentage 24.6% Free school meals, national | of primary pupils nationally
eastmere contacts_per_month mean 669 Contacts a month | average contacts to the front door each month
eastmere referrals flow 2,190 Referrals | referrals to children's social care
eastmere rereferral_rate percentage 24.9% Re-referral rate | of referrals were re-referrals
eastmere cin_open stock 1,487 Children in need | open Child in Need cases
eastmere cp_plans_open stock 158 Children on a plan | children subject to a Child Protection Plan
eastmere early_help_assessments flow 497 Early help assessments | Early Help assessments completed
eastmere cse_risk distinct <5 At risk of sexual exploitation | children identified as at risk of sexual exploitation
eastmere missing_episodes flow 865 Missing episodes | missing episodes by {missing_children} young people
eastmere missing_children distinct 290 Children missing | children who went missing
partnership training_sessions flow 66 Training sessions | multi-agency training sessions delivered
partnership training_attended flow 1,701 Attendance | people attended multi-agency training
partnership elearning flow 8,635 E-learning | e-learning sessions completed
partnership contribution_eastmere finance £98,500 Contribution of Eastmere Council | Eastmere Council
partnership contribution_icb finance £61,200 Contribution of the Integrated Care Board | Integrated Care Board
partnership contribution_police finance £14,000 Contribution of the police | Chief officer of police
"""


class Row(NamedTuple):
    """One row of the table."""

    area: str
    measure: str
    statistic: str
    display: str
    title: str
    label: str


def _row(line: str) -> Row:
    words, _, label = line.partition(" | ")
    return Row(*words.split(" ", 4), label)


ROWS = [_row(line) for line in TABLE.strip().splitlines()]

WORDING = {"stock": "at 31 March 2024", "reference": "as quoted in the year to 31 March 2024"}


COLUMNS = {1: "CDE", 2: "FGH", 3: "IJK", 4: "LMN"}
"""Columns of the months of each quarter, in the dataset."""


def measure(row: Row) -> Measure:
    return Measure.model_validate(
        {
            "id": row.measure,
            "title": row.title,
            "label": row.label,
            "statistic": row.statistic,
            "unit": "things",
            "definition": "As counted by its source.",
            "counts_persons": False,
            "polarity": "neither",
            "areas": [row.area],
            "illustrative": row.statistic == "finance",
        }
    )


def source(id_: str, title: str, sender: str, layout: dict[str, Any], **more: Any) -> Source:
    return Source.model_validate(
        {
            "id": id_,
            "title": title,
            "sender": sender,
            "owner": sender,
            "every": "quarter",
            "due_days": 30,
            "files": [f"{id_}*"],
            "suite": "any",
            "layout": layout,
            **more,
        }
    )


def form(*topics: str, parts: tuple[str, ...]) -> dict[str, Any]:
    return {"layout": "form", "area": "partnership", "topics": topics, "parts": parts}


def workbook(area: str, shape: str, sheet: str, rows: list[Row], **columns: list[str]) -> dict[str, Any]:
    labels = {row.measure: [row.label] for row in rows}
    sheets = [{"shape": shape, "sheet": [sheet], "label": ["Label"], "rows": labels, **columns}]
    return {"layout": "workbook", "area": area, "sheets": sheets}


DATASET = workbook("eastmere", "months", "Dataset", [r for r in ROWS if r.area == "eastmere"], year_to_date=["YTD"])
MONEY = workbook("partnership", "list", "Money", [r for r in ROWS if r.statistic == "finance"], value=["Amount"])
BOOKINGS = {
    "layout": "long_csv",
    "area": "partnership",
    "code": ["code"],
    "period": ["period"],
    "value": ["value"],
    "codes": {"t1": "training_sessions", "t2": "training_attended", "t3": "elearning"},
}
SCRUTINY = form("executive-summary", "scrutiny", parts=("text", "method", "strengths", "development"))
REVIEWS = form("case-review-1", "training", parts=("context", "systems", "practice", "done"))
PRIORITIES = form("1.1", "1.2", parts=("sought", "done", "impact", "still"))

SOURCES = [
    source("return-neglect", "Neglect group return", "neglect-group", PRIORITIES),
    source("dataset-eastmere", "Eastmere dataset", "eastmere-council", DATASET),
    source("training-bookings", "Training bookings", "training-group", BOOKINGS),
    source("contributions", "Contributions of partners", "business-unit", MONEY, every="year", illustrative=True),
    source("report-scrutineer", "Scrutineer's report", "scrutineer", SCRUTINY),
    source("report-reviews", "Reviews", "business-unit", REVIEWS, every="year"),
]


def section(id_: str, title: str, part: str, template: str, owner: str, **more: Any) -> Section:
    topics = [topic if isinstance(topic, dict) else {"topic": topic} for topic in more.pop("topics", ())]
    groups = [{"heading": heading, "figures": figures} for heading, figures in more.pop("groups", {}).items()]
    about = {"id": id_, "title": title, "part": part, "template": template, "owner": owner}
    return Section.model_validate(about | {"topics": topics, "groups": groups} | more)


def refs(area: str, measures: str) -> list[str]:
    return [f"{area}.{name}" for name in measures.split()]


SUCCESSES = "Key successes and achievements"
FRONT_DOOR = refs("eastmere", "contacts_per_month referrals rereferral_rate early_help_assessments cin_open")
SECTIONS = (
    section(
        "executive-summary",
        "Executive summary",
        "Foreword",
        "prose",
        "scrutineer",
        topics=["executive-summary"],
        requirements=["wt-02"],
    ),
    section(
        "eastmere-snapshot",
        "Eastmere safeguarding snapshot",
        "About Eastmere",
        "snapshot",
        "eastmere-council",
        intro="What partners in Eastmere recorded. Figures were compared across returns before this draft was made.",
        headline=refs("eastmere", "population_under_18 child_poverty fsm_primary"),
        groups={
            "At the front door": FRONT_DOOR,
            "Protected and looked after": refs("eastmere", "cp_plans_open"),
            "Harm outside the home": refs("eastmere", "cse_risk missing_episodes"),
        },
        charts=[
            {
                "id": "open-cases",
                "title": "Children in need and children on a plan",
                "kind": "column",
                "figures": refs("eastmere", "cin_open cp_plans_open"),
            },
            {
                "id": "referrals-by-quarter",
                "title": "Referrals and early help in each quarter",
                "kind": "line",
                "figures": refs("eastmere", "referrals early_help_assessments"),
            },
        ],
        requirements=["wt-01"],
    ),
    section(
        "finance",
        "Financial arrangements",
        "About the partnership",
        "finance",
        "business-unit",
        groups={"What each partner contributed": [f"{r.area}.{r.measure}" for r in ROWS if r.statistic == "finance"]},
        charts=[
            {
                "id": "contributions",
                "title": "Contributions beside each other",
                "kind": "bar",
                "figures": [f"{r.area}.{r.measure}" for r in ROWS if r.statistic == "finance"],
            }
        ],
        requirements=["wt-10"],
    ),
    section(
        "priority-neglect",
        "Priority: neglect",
        SUCCESSES,
        "priority",
        "neglect-group",
        topics=["1.1", "1.2"],
        requirements=["wt-01"],
    ),
    section(
        "case-reviews",
        "Learning from case reviews",
        SUCCESSES,
        "learning",
        "business-unit",
        topics=[{"topic": "case-review-1", "heading": "Child safeguarding practice review: Sam"}],
    ),
    section(
        "training",
        "Training and development",
        SUCCESSES,
        "activity",
        "training-group",
        headline=["partnership.training_attended"],
        topics=["training"],
        groups={"Sessions and places": refs("partnership", "training_sessions elearning")},
    ),
    section(
        "scrutiny",
        "Independent scrutiny",
        "Independent scrutiny",
        "prose",
        "scrutineer",
        topics=["scrutiny"],
        requirements=["wt-13"],
    ),
    section(
        "working-together",
        "Working together",
        "Next steps",
        "prose",
        "business-unit",
        topics=["working-together"],
        requirements=["wt-14"],
    ),
)

PROFILE = {
    "id": "eastmere",
    "name": "Eastmere Safeguarding Children Partnership",
    "short_name": "ESCP",
    "contact": "Business unit, Eastmere Council, Eastmere",
    "guidance": "wt-2023",
    "areas": [
        {"id": "eastmere", "name": "Eastmere", "short_name": "Eastmere", "kind": "borough"},
        {"id": "partnership", "name": "Eastmere partnership", "short_name": "ESCP", "kind": "partnership"},
    ],
    "groups": [
        {"id": "neglect-group", "name": "Neglect Group", "kind": "subgroup", "contact_role": "Chair"},
        {"id": "training-group", "name": "Training Group", "kind": "subgroup", "contact_role": "Chair"},
        {"id": "eastmere-council", "name": "Eastmere Council", "kind": "partner", "contact_role": "Performance lead"},
        {"id": "business-unit", "name": "Business unit", "kind": "business_unit", "contact_role": "Manager"},
        {"id": "scrutineer", "name": "Independent Scrutineer", "kind": "scrutineer", "contact_role": "Scrutineer"},
    ],
    "priorities": [
        {"number": "1.1", "title": "The child's lived experience", "owner": "neglect-group"},
        {"number": "1.2", "title": "Assessing and responding to neglect", "owner": "neglect-group"},
    ],
    "acronyms": {
        "MARAC": "Multi-agency risk assessment conference",
        "ACE": "Adverse childhood experience",
        "LCSPR": "Local child safeguarding practice review",
    },
    "look": {"dark": "12305B", "accent": "00696B", "alert": "B4380E"},
}

# id and confidence | what the guidance asks
GUIDANCE = """
wt-01 verified | What was done under the arrangements, including on child safeguarding practice reviews
wt-02 verified | How effective the arrangements were in practice
wt-10 from_memory | What the arrangements cost, and what each safeguarding partner contributed
wt-11 from_memory | How education is represented and takes part
wt-13 from_memory | Impact and learning from independent scrutiny
wt-14 from_memory | Changes to the published arrangements
"""


def make_partnership() -> Partnership:
    asked = [line.partition(" | ") for line in GUIDANCE.strip().splitlines()]
    guidance = {
        "id": "wt-2023",
        "title": "Working Together to Safeguard Children",
        "edition": "2023",
        "requirements": [
            {"id": about.split()[0], "confidence": about.split()[1], "paragraph": "chapter 2", "asks": asks}
            for about, _, asks in asked
        ],
    }
    return Partnership(
        profile=Profile.model_validate(PROFILE),
        guidance=Guidance.model_validate(guidance),
        measures={row.measure: measure(row) for row in ROWS},
        sources={s.id: s for s in SOURCES},
        rules=(),
        sections=SECTIONS,
        fingerprint="0" * 64,
    )


# What was sent in the year


@dataclass(frozen=True)
class Given:
    """What one call of ``section_context`` is given, besides the partnership and the section."""

    figures: dict[str, Figure]
    narrative: tuple[Narrative, ...]
    findings: tuple[Finding, ...]
    files: tuple[GatheredFile, ...]
    observations: dict[str, Observation]
    quarters: dict[str, Figure]
    """Open figures of the quarters, by their ids."""

    def but(self, **changes: Any) -> Given:
        return replace(self, **changes)


def file_of(source_id: str, period: str, **more: Any) -> GatheredFile:
    key = f"received/{source_id}/{period}"
    return GatheredFile(source_id, f"{source_id} {period}.docx", key, f"{source_id}-{period}", 10, period, **more)


def place(source_id: str, period: str, sheet: str = "", cell: str = "") -> Place:
    ending = "xlsx" if sheet else "docx"
    return Place(f"{source_id} {period}.{ending}", f"{source_id}-{period}", sheet, cell)


def observations_of(row: Row, number: int) -> list[Observation]:
    """What lies behind one figure: twelve months of a flow, one cell of anything else."""
    if row.statistic == "finance":
        origin, sheet, cells = "contributions", "Money", [("2023-24", f"B{number}")]
    else:
        origin, sheet = ("dataset-eastmere" if row.area == "eastmere" else "training-bookings"), "Dataset"
        months = [(f"2023-24-Q{q}", f"{column}{number}") for q, columns in COLUMNS.items() for column in columns]
        cells = months if row.statistic in ("flow", "mean") else [("2023-24-Q4", f"O{number}")]
    note = "End Child Poverty, June 2023" if row.measure == "child_poverty" else ""
    return [
        Observation(origin, row.area, row.measure, period, None, "", place(origin, period, sheet, cell), note=note)
        for period, cell in cells
    ]


def figure_of(row: Row, behind: list[Observation]) -> Figure:
    hidden = row.display.startswith("<")
    return Figure(
        id=f"{row.area}.{row.measure}.2023-24",
        area=row.area,
        measure=row.measure,
        period="2023-24",
        value=None if hidden else Decimal(row.display.strip("%£").replace(",", "")),
        symbol=row.display if hidden else "",
        display=row.display,
        unit="things",
        statistic=row.statistic,
        wording=WORDING.get(row.statistic, "in the year to 31 March 2024"),
        label=row.label,
        status="validated",
        derivation="sum of 12 months" if len(behind) == 12 else "as received",
        observations=tuple(o.id for o in behind),
        illustrative=row.statistic == "finance",
    )


def a_finding(id_: str, *figures: str, **changes: Any) -> Finding:
    base = Finding(
        id=id_,
        rule=id_.split(":")[0],
        kind="against_official",
        subject=figures[0],
        period="2023-24",
        outcome="failed",
        severity="look_at",
        owner="eastmere-council",
        figures=figures,
        title="The open cases in the dataset are not those in the official statistics",
        arithmetic="1,487 - 1,521 = -34",
        matters="A reader may compare them.",
        to_do="Ask the performance team which day the count is for.",
        values=(
            ValueBeside("Eastmere dataset", "1,487", "dataset, sheet Dataset, O12"),
            ValueBeside("Official release", "1,521", "row 40"),
        ),
    )
    return replace(base, **changes)


FINDINGS = (
    a_finding("official:eastmere.cin_open", "eastmere.cin_open.2023-24"),
    a_finding("movement:eastmere.referrals", "eastmere.referrals.2023-24", outcome="not_evaluated"),
    a_finding(
        "same:attended",
        "partnership.training_attended.2023-24",
        "partnership.training_sessions.2023-24",
        title="The return and the bookings give two counts of attendance",
        arithmetic="1,701 - 1,688 = 13",
        to_do="Agree which of the two is printed",
        owner="training-group",
        kind="same_figure",
        values=(ValueBeside("Bookings", "1,688"), ValueBeside("Return", "1,701")),
    ),
)

FILES = (
    file_of("return-neglect", "2023-24-Q1"),
    *(file_of("dataset-eastmere", f"2023-24-Q{q}") for q in COLUMNS),
    *(file_of("training-bookings", f"2023-24-Q{q}", state="empty" if q == 4 else "read") for q in COLUMNS),
    *(file_of("report-scrutineer", f"2023-24-Q{q}") for q in COLUMNS),
    file_of("contributions", "2023-24"),
    file_of("report-reviews", "2023-24"),
)

# source, period, topic, part | one item
WRITTEN = """
return-neglect 2023-24-Q1 1.1 sought | Workers who can say what a day is like for a child living with neglect
return-neglect 2023-24-Q1 1.1 done | Two active learning events on seeing the child's day
return-neglect 2023-24-Q1 1.1 done | A refreshed screening tool, used at <5 sites & R&D
return-neglect 2023-24-Q1 1.1 impact | Referrals describe daily life more often; an audit of 20 found it in 14
report-scrutineer 2023-24-Q4 executive-summary text | This report sets out what partners did together in the year.
report-scrutineer 2023-24-Q4 executive-summary text | Strong leadership is seen throughout. What the work on neglect \
has achieved is less clear, as its group sent one return in the year.
report-scrutineer 2023-24-Q2 scrutiny strengths | Partners challenge each other openly
report-scrutineer 2023-24-Q4 scrutiny method | Observation of the front door
report-scrutineer 2023-24-Q4 scrutiny method | Audit of ten MARAC cases
report-scrutineer 2023-24-Q4 scrutiny strengths | Partners challenge each other openly
report-scrutineer 2023-24-Q4 scrutiny strengths | Learning from reviews is shared quickly
report-scrutineer 2023-24-Q4 scrutiny development | Show how children's views change what is done
report-reviews 2023-24 case-review-1 context | Sam was known to several services, and moved between areas.
report-reviews 2023-24 case-review-1 systems | Plans follow a child who moves
report-reviews 2023-24 case-review-1 practice | Seeing the child first
report-reviews 2023-24 case-review-1 practice | Asking again when the answer does not fit
report-reviews 2023-24 case-review-1 done | A joint plan for children who move between areas
report-reviews 2023-24 training text | Courses were refreshed after each review.
report-reviews 2023-24 training quotes | The examples helped me to relate it to my own work
report-reviews 2023-24 training quotes | I will ask one more question
"""


def written() -> tuple[Narrative, ...]:
    found: dict[tuple[str, ...], list[str]] = {}
    for line in WRITTEN.strip().splitlines():
        about, _, item = line.partition(" | ")
        found.setdefault(tuple(about.split()), []).append(item)
    return tuple(
        Narrative(origin, topic, part, tuple(items), place(origin, period, cell=f"control text:{topic}:{part}"))
        for (origin, period, topic, part), items in found.items()
    )


def given_for_the_year() -> Given:
    behind = {row: observations_of(row, number) for number, row in enumerate(ROWS, 5)}
    figures = {f"{row.area}.{row.measure}": figure_of(row, found) for row, found in behind.items()}
    observations = {o.id: o for found in behind.values() for o in found}
    return Given(figures, written(), FINDINGS, FILES, observations, quarters_of(figures))


QUARTERS = {"referrals": ("554", "<5", "561", "562"), "early_help_assessments": ("131", "118", "127", "121")}
"""What the quarters printed; a number of referrals is hidden."""


def quarters_of(figures: dict[str, Figure]) -> dict[str, Figure]:
    found = {}
    for name, printed in QUARTERS.items():
        for quarter, text in zip(YEAR.quarters, printed, strict=True):
            hidden = text.startswith("<")
            figure = replace(
                figures[f"eastmere.{name}"],
                id=f"eastmere.{name}.{quarter}",
                period=str(quarter),
                value=None if hidden else Decimal(text),
                symbol=text if hidden else "",
                display=text,
                wording=f"in {quarter.words}",
            )
            found[figure.id] = figure
    return found


def context_of(partnership: Partnership, chosen: str | Section, given: Given, period: Return = YEAR) -> SectionContext:
    return section_context(
        partnership,
        partnership.section(chosen) if isinstance(chosen, str) else chosen,
        period,
        given.figures,
        given.narrative,
        given.findings,
        given.files,
        given.observations,
        RUN,
        given.quarters,
    )
