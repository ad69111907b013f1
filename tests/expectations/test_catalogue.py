"""The page that says what is checked is what is checked."""

from config.model import SEVERITIES
from expectations.catalogue import PAGE, catalogue
from expectations.load import load_suites

SUITES = load_suites()


def test_the_page_is_made_from_the_suites_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue(SUITES.values()), "run make catalogue"


def test_every_check_is_on_it_with_its_sentence_and_what_to_do() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for suite in SUITES.values():
        for check in suite.checks:
            row = (
                f"| `{check.id}` | {check.says} | {check.why} | {check.to_do} | {SEVERITIES[check.severity].lower()} |"
            )
            assert row.replace("\n", " ") in page, f"{suite.id}: {check.id}"


def test_the_links_lead_to_headings() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = {
        line[3:].lower().replace(",", "").replace(" ", "-") for line in page.splitlines() if line.startswith("## ")
    }
    links = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert links == headings
