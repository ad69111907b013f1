"""The text files of the sample: Stockton's dataset, exports of the training and website systems, official statistics.

Belongs here: separators, encodings and line ends as such files have them. Does not belong here: the numbers
(``tables/``).
"""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from tests.sample.plain_tables import Row, document, events_of, months_of, rows_of, stockton_to_date, table

LEARNERS, STRIDE = 1201, 389
"""As many pseudonyms, and how far the next booking's is from the last: both prime, so an event has nobody twice."""

# --------------------------------------------------------------------------------------------------- Stockton's dataset


def stockton_dataset(quarter: str) -> bytes:
    """Semicolons, Windows line ends and Windows characters (a dash that is not valid UTF-8)."""
    lines: list[Sequence[str]] = [("Code", "Measure", "Period", "Value", "Source")]
    for row in table("stockton_quarters.csv"):
        lines.append((row["code"], row["label"], f"{quarter} 2023/24", _separated(row[quarter.lower()]), row["source"]))
        if to_date := stockton_to_date(row, quarter):
            lines.append((row["code"], row["label"], "2023/24 YTD", _separated(to_date), row["source"]))
    if quarter == "Q4":
        lines += [
            (row["code"], row["label"], f"{quarter} 2023/24", _separated(row["value"]), row["source"])
            for row in table("stockton_context.csv")
        ]
    return _csv(lines, delimiter=";", line_end="\r\n").encode("cp1252")


# -------------------------------------------------------------------------------------------------------------- exports


def training_bookings(quarter: str) -> bytes:
    """One row a booking. Learners are numbers that nobody has; who works where is fixed by the number."""
    titles = {row["code"]: row["title"] for row in table("training_courses.csv")}
    lines: list[Sequence[str]] = [
        ("Event ID", "Course code", "Event title", "Event date", "Agency", "Attendance", "Learner")
    ]
    booked = sum(_bookings(event) for event in table("training_events.csv") if event["date"] < months_of(quarter)[0])
    for event in events_of(quarter):
        for nth in range(_bookings(event)):
            learner = (booked + nth) * STRIDE % LEARNERS + 1
            day = date.fromisoformat(event["date"])
            lines.append(
                (
                    event["event"],
                    event["course"],
                    titles[event["course"]],
                    f"{day:%d/%m/%Y}",
                    _agency(learner),
                    _attendance(event, nth),
                    f"L-{learner:06d}",
                )
            )
        booked += _bookings(event)
    return _csv(lines, line_end="\r\n").encode("utf-8-sig")


def elearning(quarter: str) -> bytes:
    lines: list[Sequence[str]] = [("Course", "Month", "Completions")]
    for month in months_of(quarter):
        first_day = f"01/{month[5:]}/{month[:4]}"
        lines += [(row["course"], first_day, row[month]) for row in table("elearning_months.csv")]
    return _csv(lines).encode()


def communications_statistics(quarter: str) -> bytes:
    lines: list[Sequence[str]] = [("Code", "Measure", "Period", "Value", "Source")]
    for row in table("communications.csv"):
        months = months_of(quarter) if row["period_kind"] == "month" else months_of(quarter)[-1:]
        for month in months:
            period = _month_words(month) if row["period_kind"] == "month" else f"{quarter} 2023-24"
            origin = "Website statistics" if row["code"].startswith("WEB") else "Business unit log"
            lines.append((row["code"], row["label"], period, _separated(row[month]), origin))
    return _csv(lines).encode()


def _bookings(event: Row) -> int:
    return int(event["attended"]) + int(event["did_not_attend"]) + int(event["cancelled"])


def _attendance(event: Row, nth: int) -> str:
    if nth < int(event["attended"]):
        return "Attended"
    return "Did not attend" if nth < int(event["attended"]) + int(event["did_not_attend"]) else "Cancelled"


def _agency(learner: int) -> str:
    """An agency in proportion to its weight, always the same for one learner."""
    agencies = [row["agency"] for row in table("training_agencies.csv") for _ in range(int(row["weight"]))]
    return agencies[learner % len(agencies)]


# -------------------------------------------------------------------------------------------------- official statistics

GEOGRAPHY = {
    "England": {"geographic_level": "National"},
    "North East": {"geographic_level": "Regional", "region_code": "E12000001", "region_name": "North East"},
    "Hartlepool": {"old_la_code": "805", "new_la_code": "E06000001", "la_name": "Hartlepool"},
    "Stockton-on-Tees": {"old_la_code": "808", "new_la_code": "E06000004", "la_name": "Stockton-on-Tees"},
}
COUNTRY = {"time_identifier": "Reporting year", "country_code": "E92000001", "country_name": "England"}


def official_statistics() -> dict[str, bytes]:
    """The extracts by file name, each with the columns, line ends and byte order mark of its release."""
    return {told["file"]: _extract(told) for told in document("official_files.yaml")}


def _extract(told: dict[str, object]) -> bytes:
    columns = told["columns"]
    lines = [columns] + [[_official(row).get(column, "") for column in columns] for row in table(str(told["table"]))]
    text = _csv(lines, line_end=str(told["line_end"]))
    return text.encode("utf-8-sig" if told["byte_order_mark"] else "utf-8")


def _official(row: Row) -> Row:
    place = GEOGRAPHY[row["area"]]
    if "la_name" in place:
        place = {**GEOGRAPHY["North East"], **place, "geographic_level": "Local authority"}
    return {**COUNTRY, **place, **row}


# ---------------------------------------------------------------------------------------------------------------- lines


def received(folder: str) -> bytes:
    """The business unit's list of the days on which the files of a folder came, in British order."""
    lines: list[Sequence[str]] = [("File", "Received")]
    for row in rows_of("received.csv", folder=folder):
        lines.append((row["file"], f"{date.fromisoformat(row['received']):%d/%m/%Y}"))
    return _csv(lines).encode()


def _csv(lines: Iterable[Sequence[str]], delimiter: str = ",", line_end: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(lines)
    return out.getvalue()


def _separated(value: str) -> str:
    """Thousands with a comma, as people write them; anything but a plain number as it is."""
    return f"{int(value):,}" if value.isdecimal() else value


def _month_words(month: str) -> str:
    year, number = month.split("-")
    return f"{calendar.month_abbr[int(number)]} {year}"
