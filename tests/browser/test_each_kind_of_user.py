"""A day of everybody who uses it, in a browser: the business unit, the QA subgroup and an editor, each from the address
that they are given; on one machine as ``assure serve`` starts it, and on a shared host, one of whose workers is killed.

The pictures that are kept on the way are those of ``guides/``: ``make guides`` takes them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.browser import prefect
from tests.browser.day import Day
from tests.gather.files import part, rezipped
from tests.programs import needs_browser
from tests.review import drafts_edited as edits

pytestmark = [pytest.mark.slow, needs_browser]

FINDING = "rereferrals-official:stockton.rereferral_rate.2023-24"


def test_the_business_unit_runs_a_quarter_and_reads_what_to_do_next(day: Day) -> None:
    page = day.page()
    page.goto(day.prefect)
    prefect.open_form(page, "quarterly-return")
    day.keep(page, "form-of-a-quarter")
    asked = page.inner_text("body")
    assert asked.index("Which quarter?") < asked.index("Of which financial year?") < asked.index("For IT only")
    prefect.choose(page, page, "The quarter that has just ended", "Quarter 2 (July to September)")
    prefect.choose(page, page, "The latest", "2023-24")
    prefect.submit(page)
    day.interrupt(page)
    prefect.comes_to(page, "Completed")
    page.get_by_text("Quarterly return 2023-24-Q2").first.wait_for()
    run = page.url
    day.keep(page, "run-of-a-quarter")

    prefect.read(page, "what-to-do-next")
    page.reload()  # the message at the foot goes
    page.get_by_role("heading", name="What to do next").wait_for()
    # What the text says comes after its heading, and is put there once more when all of the page has come.
    page.get_by_text("Chase 1 return: Quarterly return of the Neglect Champions").first.wait_for()
    day.keep(page, "what-to-do-next")
    assert page.get_by_role("link", name="quality page").first.get_attribute("href").startswith(day.front)
    page.get_by_role("link", name="drafts", exact=True).click()
    assert page.url == f"{day.front}#drafts-2023-24-q2"

    page.goto(run)
    prefect.read(page, "drafts-2023-24-q2")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hartlepool Safeguarding Snapshot").click()
    assert download.value.suggested_filename == "hartlepool-snapshot-2023-24-Q2.docx"
    kept = day.store.get("drafts/2023-24/Q2/hartlepool-snapshot.docx")
    assert Path(download.value.path()).read_bytes() == kept
    page.close()


def test_a_quarter_without_an_inbox_says_so_where_people_look(day: Day) -> None:
    page = day.page()
    page.goto(day.prefect)
    prefect.open_form(page, "quarterly-return")
    prefect.choose(page, page, "The quarter that has just ended", "Quarter 1 (April to June)")
    prefect.choose(page, page, "The latest", "2019-20")
    prefect.submit(page)
    prefect.comes_to(page, "Failed")
    assert re.search(day.no_inbox, prefect.message_of(page))
    page.get_by_text("State Message").scroll_into_view_if_needed()
    day.keep(page, "run-that-failed")
    page.close()


def test_the_business_unit_puts_a_draft_forward_through_resume(day: Day) -> None:
    page = day.page()
    page.goto(day.prefect)
    prefect.open_form(page, "sign-off")
    prefect.choose(page, page, "The latest", "2023-24")
    prefect.submit(page)
    prefect.comes_to(page, "Suspended")
    assert page.get_by_text("Sign off The whole annual report 2023-24").count(), "nobody finds it again in the list"
    page.get_by_role("button", name="Open menu").first.click()
    day.keep(page, "resume-in-the-menu")
    page.get_by_role("menuitem", name="Resume").click()
    asked = page.get_by_role("dialog")
    with page.expect_download() as download:
        asked.get_by_role("link", name="annual-report.docx").click()
    assert Path(download.value.path()).read_bytes() == day.store.get("drafts/2023-24/annual/annual-report.docx")
    prefect.choose(asked, page, "Select", "Sign it")
    asked.get_by_role("link", name="annual-report.docx").scroll_into_view_if_needed()
    day.keep(page, "sign-off")
    prefect.write(asked, "Your name", "Ann Example")
    asked.get_by_role("button", name="Resume").click()
    asked.wait_for(state="hidden")

    front = day.page()
    front.goto(day.front)
    for _ in range(60):
        if "With its data owner" in front.inner_text("main"):
            break
        front.wait_for_timeout(1000)
        front.reload()
    assert "With its data owner" in front.inner_text("main")
    front.close()
    page.close()


def test_the_qa_subgroup_reads_data_quality_and_settles_a_finding(day: Day) -> None:
    page = day.page()
    page.goto(day.front)
    page.get_by_role("link", name="What was found in the annual report").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Data quality: April 2023 to March 2024"
    day.keep(page, "data-quality")
    page.get_by_role("link", name="Stockton-on-Tees prints 24% re-referrals").first.click()
    finding = page.locator("article", has_text=FINDING)
    assert "B: Children in need, reporting year 2025" in finding.inner_text()
    finding.scroll_into_view_if_needed()
    day.keep(page, "a-finding")

    page.goto(day.prefect)
    prefect.open_form(page, "settle-finding")
    prefect.write(page, "Which finding?", FINDING)
    prefect.choose(page, page, "Select", "Have it corrected at source")
    prefect.choose(page, page, "Select", "Quality Assurance Subgroup")
    prefect.write(page, "Why?", "The council counts again with a look-back of twelve months.")
    day.keep(page, "settle-a-finding")
    prefect.submit(page)
    prefect.comes_to(page, "Completed")
    said = prefect.message_of(page)
    assert "Run 2023-24 again: figures and drafts follow then." in said
    page.close()


def edited(draft: bytes, figure: str) -> bytes:
    """What an editor sends back who wrote a sentence, and typed over a figure."""
    root = etree.fromstring(part(draft, edits.MAIN))
    next(edits.controls(root, figure)[0].iter(f"{edits.W}t")).text = "999"
    last = list(root.iter(f"{edits.W}p"))[-1]
    last.append(edits.run("The partnership has listened to children."))
    return rezipped(draft, {edits.MAIN: etree.tostring(root)})


def test_an_editor_sends_a_draft_back_and_sees_what_became_of_it(day: Day, tmp_path: Path) -> None:
    page = day.page()
    page.goto(day.front)
    day.keep(page, "front-page")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hartlepool Safeguarding Snapshot").first.click()
    sent = tmp_path / download.value.suggested_filename
    sent.write_bytes(edited(Path(download.value.path()).read_bytes(), "hartlepool.referrals.2023-24"))

    page.get_by_role("link", name="Upload an edited draft").click()
    page.get_by_label("The draft").set_input_files(sent)
    page.get_by_label("For which group do you write?").select_option(label="Hartlepool Borough Council")
    page.get_by_label("Your name").fill("Sam Editor")
    day.keep(page, "upload")
    page.get_by_role("button", name="Upload and check").click()
    found = page.inner_text("main")
    assert "1 thing in it needs you" in found
    assert "“2,190” was changed to “999”." in found
    day.keep(page, "what-was-found")
    page.get_by_role("link", name="Go to the front page").click()
    assert "Edited (Hartlepool Borough Council)" in page.inner_text("main")
    assert day.store.get("drafts/2023-24/annual/hartlepool-snapshot.docx") == sent.read_bytes()
    page.close()
