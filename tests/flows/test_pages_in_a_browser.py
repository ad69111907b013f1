"""An editor's way in a browser: from the front page to a draft, and back with an edited copy; by keyboard too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tasks.store import FolderStore
from tests.conftest import Ran
from tests.flows.served import served
from tests.front_page import small
from tests.programs import needs_browser
from tests.quality.browser import (
    PAPER,
    PHONE,
    SCREEN,
    browser,
    findings_of_axe,
    hidden_on_paper,
    not_reached_by_keyboard,
    opened,
    requests_of,
    too_wide,
)
from tests.review import drafts_edited as edits
from tests.screenshots import keep

pytestmark = needs_browser


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path / "a store")
    small.fill(store)
    return store


@pytest.fixture
def address(store: FolderStore) -> Iterator[str]:
    with served(str(store.root), ASSURE_PARTNERSHIPS=str(small.PARTNERSHIPS)) as one:
        yield one


@contextmanager
def at(started: Any, address: str, width: int = SCREEN) -> Iterator[Any]:
    page = started.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    yield page
    page.close()


def edited(folder: Path, *changes: edits.Edit) -> Path:
    path = folder / "edited.docx"
    path.write_bytes(edits.edited(*changes))
    return path


def retyped(root: Any) -> None:
    next(edits.controls(root, edits.PLANS)[0].iter(f"{edits.W}t")).text = "999"


def good(page: Any) -> list[str]:
    return findings_of_axe(page) + too_wide(page)


@pytest.mark.parametrize("width", [PHONE, SCREEN])
def test_an_editor_downloads_a_draft_and_uploads_it_edited(started, store, address: str, tmp_path, width: int) -> None:
    with at(started, address, width) as page:
        assert good(page) == []
        keep(page, "front-page")
        with page.expect_download() as download:
            page.get_by_role("link", name="Eastmere <snapshot>").first.click()
        assert Path(download.value.path()).read_bytes() == store.get(small.DRAFT)
        assert download.value.suggested_filename == f"{edits.SNAPSHOT}-2023-24-annual.docx"

        page.get_by_role("link", name="Upload an edited draft").click()
        assert good(page) == []
        keep(page, "upload")
        sent = edited(tmp_path, retyped)
        page.get_by_label("The draft").set_input_files(sent)
        page.get_by_label("For which group do you write?").select_option(label="Training group")
        page.get_by_label("Your name").fill("Sam Editor")
        page.get_by_role("button", name="Upload and check").click()

        assert "1 thing in it needs you" in page.inner_text("main")
        assert good(page) == []
        keep(page, "uploaded")
        page.get_by_role("link", name="Go to the front page").click()
        assert page.url == address
        assert "Edited (Training group)" in page.inner_text("main")
        assert good(page) == []
        keep(page, "front-page-after-an-upload")
    assert store.get(small.DRAFT) == sent.read_bytes()


def tab_to(page: Any, name: str) -> None:
    """Press the tab key until the focus is on what is called so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        now = page.evaluate("document.activeElement.labels?.[0]?.textContent || document.activeElement.textContent")
        if (now or "").strip() == name:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"the tab key does not lead to {name!r}")


def test_the_whole_way_by_keyboard(started, address: str, tmp_path: Path) -> None:
    with at(started, address) as page:
        tab_to(page, "Upload an edited draft")
        page.keyboard.press("Enter")
        page.wait_for_url("**/upload")
        # Waited for from here on: a browser that is asked too late to say so shows a window of its own instead.
        with page.expect_file_chooser() as chooser:
            tab_to(page, "The draft")
            page.keyboard.press("Enter")
        chooser.value.set_files(edited(tmp_path))
        tab_to(page, "For which group do you write?")
        page.keyboard.type("Training")
        tab_to(page, "Your name")
        page.keyboard.type("Sam Editor")
        tab_to(page, "Upload and check")
        page.keyboard.press("Enter")
        page.wait_for_url("**/store/reviews/**")
        assert "figures are as they should be" in page.inner_text("main")
        tab_to(page, "Go to the front page")


def test_every_stop_of_the_front_page_is_reached_in_order(started, address: str) -> None:
    with at(started, address, PHONE) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert not_reached_by_keyboard(page) == []


def test_messages_can_be_read_by_everybody(started, address: str) -> None:
    with at(started, f"{address}store/nothing.docx", PHONE) as page:
        assert "There is nothing at this address" in page.inner_text("main")
        assert good(page) == []


def test_browsers_apply_the_styles_and_would_run_no_script(started, store: FolderStore, address: str) -> None:
    html = store.get("quality/2023-24/Q3/index.html").decode()
    planted = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\"></body>"
    store.put("quality/2023-24/Q3/index.html", html.replace("</body>", planted).encode())
    with at(started, f"{address}store/quality/2023-24/Q3/index.html") as page:
        assert page.title() != "ran"
        assert page.evaluate("getComputedStyle(document.querySelector('h2')).borderTopWidth") == "3px"


@pytest.mark.parametrize("width", [PHONE, SCREEN])
def test_the_front_page_of_the_demonstration_opens_from_the_folder(demonstration: Ran, started, width: int) -> None:
    path = demonstration.current / "index.html"
    assert requests_of(started, path) == []
    with opened(started, path, width) as page:
        assert good(page) == []
        assert not_reached_by_keyboard(page) == []
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        keep(page, "front-page-of-a-year")
    files = {link for link in links if not link.startswith(f"{path.as_uri()}#")}
    assert len(files) > 60
    assert [link for link in files if not Path(link.removeprefix("file://").replace("%20", " ")).is_file()] == []
    assert hidden_on_paper(started, path) == []
    with opened(started, path, PAPER) as page:
        page.emulate_media(media="print")
        assert too_wide(page) == []
