"""Make the demonstration year's files from the plain tables: ``python -m tests.sample.make_sample``.

Belongs here: which files there are and what they are called. Does not belong here: what is in them (``tables/``) and
how they look (``word_forms``, ``workbooks``, ``text_files``).

Files that are no longer made are taken away. Same tables, same bytes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.sample import text_files, word_forms, workbooks
from tests.sample.plain_tables import QUARTERS

SAMPLE = Path(__file__).parents[2] / "config" / "partnerships" / "hsscp" / "sample" / "2023-24"

PARTNERS = {
    "hartlepool-council": "Hartlepool Borough Council",
    "stockton-council": "Stockton-on-Tees Borough Council",
    "icb": "North East and North Cumbria Integrated Care Board",
    "police": "Cleveland Police",
}


def quarter_files(quarter: str) -> dict[str, bytes]:
    """What came in for one quarter. Names differ as senders' habits do; the Neglect Champions only sent the first."""
    files = {
        f"engagement-return-2023-24-{quarter}.docx": word_forms.engagement(quarter),
        f"Engine Room return {quarter} 2023-24.docx": word_forms.engine_room(quarter),
        f"Training and Development return {quarter} 2023-24.xlsx": workbooks.training_return(quarter),
        f"communications-return-2023-24-{quarter}.xlsx": workbooks.communications_return(quarter),
        f"Exploitation return - {quarter} 2023-24.xlsx": workbooks.exploitation_return(quarter),
        f"quality-assurance-return-2023-24-{quarter}.xlsx": workbooks.quality_assurance_return(quarter),
        f"hartlepool-dataset-2023-24-{quarter}.xlsx": workbooks.hartlepool_dataset(quarter),
        f"stockton_dataset_2023-24_{quarter}.csv": text_files.stockton_dataset(quarter),
        f"training-bookings-2023-24-{quarter}.csv": text_files.training_bookings(quarter),
        f"elearning-2023-24-{quarter}.csv": text_files.elearning(quarter),
        f"communications-statistics-2023-24-{quarter}.csv": text_files.communications_statistics(quarter),
    }
    if quarter == "Q1":
        files[f"Neglect Champions return {quarter} 2023-24.docx"] = word_forms.neglect_champions(quarter)
    return files


def annual_files() -> dict[str, bytes]:
    """What comes once a year."""
    return {
        "contributions-2023-24.xlsx": workbooks.contributions(),
        "report-business-unit-2023-24.docx": word_forms.business_unit(),
        "report-scrutineer-2023-24.docx": word_forms.scrutineer(),
        "report-case-reviews-2023-24.docx": word_forms.case_reviews(),
        "report-children-2023-24.docx": word_forms.children(),
        **{
            f"statement-{partner}-2023-24.docx": word_forms.statement(partner, name)
            for partner, name in PARTNERS.items()
        },
        **text_files.official_statistics(),
    }


def sample_files() -> dict[str, bytes]:
    """Every file of the sample year by its path under the year's folder."""
    folders = {quarter: quarter_files(quarter) for quarter in QUARTERS} | {"annual": annual_files()}
    for folder, sent in folders.items():
        sent["received.csv"] = text_files.received(folder)
    return {f"{folder}/{name}": data for folder, files in folders.items() for name, data in files.items()}


def main() -> None:
    """Write the whole sample year anew."""
    files = sample_files()
    shutil.rmtree(SAMPLE, ignore_errors=True)
    for path, data in files.items():
        target = SAMPLE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    print(f"{len(files)} files, {sum(map(len, files.values())) // 1024} KB, in {SAMPLE}")


if __name__ == "__main__":
    main()
