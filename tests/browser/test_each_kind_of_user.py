"""A day of everybody who uses it, in a browser, on one server as ``assure serve`` starts it: the business unit, the QA
subgroup and an editor, each from the address that they are given.

The pictures that are kept on the way are those of ``guides/``: ``make guides`` takes them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.browser import prefect
from tests.conftest import ROOT, Ran
from tests.gather.files import part, rezipped
from tests.programs import needs_browser
from tests.quality.browser import SCREEN, browser
from tests.review import drafts_edited as edits
from tests.running import Running, served, two_free_ports
from tests.screenshots import keep

pytestmark = [pytest.mark.slow, needs_browser]

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
FINDING = "rereferrals-official:stockton.rereferral_rate.2023-24"
PATIENCE = 30_000
"""Milliseconds that a page may take where many tests run at once."""


@dataclass(frozen=True)
class Day:
    """A server with a year behind it, and a browser in which somebody signed in."""

    running: Running
    store: Path
    context: Any

    @property
    def front(self) -> str:
        return f"http://127.0.0.1:{self.running.port + 1}/"

    def page(self) -> Any:
        return self.context.new_page()


@pytest.fixture(scope="module")
def day(demonstration: Ran, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("a day")
    shutil.copytree(demonstration.folder / "store", folder / "store")
    shutil.copytree(SAMPLE, folder / "inbox/2023-24")
    places = {"ASSURE_INBOX": str(folder / "inbox"), "ASSURE_STORE": str(folder / "store")}
    with served(folder / "home", two_free_ports(), "--no-schedules", **places) as running, browser() as started:
        user, _, password = (running.home / "password").read_text().strip().partition(":")
        context = started.new_context(
            viewport={"width": SCREEN, "height": 700},
            http_credentials={"username": user, "password": password},
        )
        context.set_default_timeout(PATIENCE)
        first = context.new_page()
        prefect.sign_in(first, running)
        first.close()
        yield Day(running, folder / "store", context)
        context.close()


def current(day: Day, key: str) -> bytes:
    return (day.store / "current" / key).read_bytes()


def test_the_business_unit_runs_a_quarter_and_reads_what_to_do_next(day: Day) -> None:
    page = day.page()
    page.goto(f"http://127.0.0.1:{day.running.port}")
    prefect.open_form(page, "quarterly-return")
    keep(page, "form-of-a-quarter", whole=False)
    prefect.choose(page, page, "The quarter that has just ended", "Quarter 2 (July to September)")
    prefect.choose(page, page, "The latest", "2023-24")
    prefect.submit(page)
    prefect.comes_to(page, "Completed")
    page.get_by_text("Quarterly return 2023-24-Q2").first.wait_for()
    run = page.url
    keep(page, "run-of-a-quarter", whole=False)

    prefect.read(page, "what-to-do-next")
    page.reload()  # the message at the foot goes
    page.get_by_role("heading", name="What to do next").wait_for()
    said = page.inner_text("body")
    assert "Chase 1 return: Quarterly return of the Neglect Champions" in said
    keep(page, "what-to-do-next", whole=False)
    assert page.get_by_role("link", name="quality page").first.get_attribute("href").startswith(day.front)
    page.get_by_role("link", name="drafts", exact=True).click()
    assert page.url == f"{day.front}#drafts-2023-24-q2"

    page.goto(run)
    prefect.read(page, "drafts-2023-24-q2")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hartlepool Safeguarding Snapshot").click()
    assert download.value.suggested_filename == "hartlepool-snapshot-2023-24-Q2.docx"
    kept = current(day, "drafts/2023-24/Q2/hartlepool-snapshot.docx")
    assert Path(download.value.path()).read_bytes() == kept
    page.close()


def test_a_quarter_without_an_inbox_says_so_where_people_look(day: Day) -> None:
    page = day.page()
    page.goto(f"http://127.0.0.1:{day.running.port}")
    prefect.open_form(page, "quarterly-return")
    prefect.choose(page, page, "The quarter that has just ended", "Quarter 1 (April to June)")
    prefect.choose(page, page, "The latest", "2019-20")
    prefect.submit(page)
    prefect.comes_to(page, "Failed")
    said = prefect.message_of(page)
    assert re.search(r"The inbox is not there. Where: .+/2019-20/Q1\. Make this folder and put what came into it", said)
    page.get_by_text("State Message").scroll_into_view_if_needed()
    keep(page, "run-that-failed", whole=False)
    page.close()


def test_the_business_unit_puts_a_draft_forward_through_resume(day: Day) -> None:
    page = day.page()
    page.goto(f"http://127.0.0.1:{day.running.port}")
    prefect.open_form(page, "sign-off")
    prefect.choose(page, page, "The latest", "2023-24")
    prefect.submit(page)
    prefect.comes_to(page, "Suspended")
    assert page.get_by_text("Sign off The whole annual report 2023-24").count(), "nobody finds it again in the list"
    page.get_by_role("button", name="Open menu").first.click()
    keep(page, "resume-in-the-menu", whole=False)
    page.get_by_role("menuitem", name="Resume").click()
    asked = page.get_by_role("dialog")
    with page.expect_download() as download:
        asked.get_by_role("link", name="annual-report.docx").click()
    assert Path(download.value.path()).read_bytes() == current(day, "drafts/2023-24/annual/annual-report.docx")
    prefect.choose(asked, page, "Select", "Sign it")
    asked.get_by_role("link", name="annual-report.docx").scroll_into_view_if_needed()
    keep(page, "sign-off", whole=False)
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
    keep(page, "data-quality", whole=False)
    page.get_by_role("link", name="Stockton-on-Tees prints 24% re-referrals").first.click()
    finding = page.locator("article", has_text=FINDING)
    assert "B: Children in need, reporting year 2025" in finding.inner_text()
    finding.scroll_into_view_if_needed()
    keep(page, "a-finding", whole=False)

    page.goto(f"http://127.0.0.1:{day.running.port}")
    prefect.open_form(page, "settle-finding")
    prefect.write(page, "Which finding?", FINDING)
    prefect.choose(page, page, "Select", "Have it corrected at source")
    prefect.choose(page, page, "Select", "Quality Assurance Subgroup")
    prefect.write(page, "Why?", "The council counts again with a look-back of twelve months.")
    keep(page, "settle-a-finding", whole=False)
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
    keep(page, "front-page", whole=False)
    with page.expect_download() as download:
        page.get_by_role("link", name="Hartlepool Safeguarding Snapshot").first.click()
    sent = tmp_path / download.value.suggested_filename
    sent.write_bytes(edited(Path(download.value.path()).read_bytes(), "hartlepool.referrals.2023-24"))

    page.get_by_role("link", name="Upload an edited draft").click()
    page.get_by_label("The draft").set_input_files(sent)
    page.get_by_label("For which group do you write?").select_option(label="Hartlepool Borough Council")
    page.get_by_label("Your name").fill("Sam Editor")
    keep(page, "upload", whole=False)
    page.get_by_role("button", name="Upload and check").click()
    found = page.inner_text("main")
    assert "1 thing in it needs you" in found
    assert "“2,190” was changed to “999”." in found
    keep(page, "what-was-found", whole=False)
    page.get_by_role("link", name="Go to the front page").click()
    assert "Edited (Hartlepool Borough Council)" in page.inner_text("main")
    assert current(day, "drafts/2023-24/annual/hartlepool-snapshot.docx") == sent.read_bytes()
    page.close()
