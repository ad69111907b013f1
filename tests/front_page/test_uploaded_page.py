"""The page on an upload says what became of it and what to do next, and everybody can read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.front_page import uploaded_page
from tasks.review.checked import CheckedComment, CheckedDraft, CheckedFigure, CheckedNumber
from tasks.review.revisions import Change
from tasks.review.uploads import TakenUpload
from tests.front_page import small
from tests.programs import needs_browser
from tests.quality.browser import PHONE, SCREEN, browser, findings_of_axe, not_reached_by_keyboard, opened, too_wide
from tests.screenshots import keep

SHA = "ab" * 32
TAKEN = TakenUpload("uploads/2023-24/annual/x/a.docx", SHA, "taken", "drafts/2023-24/annual/x.docx", "000002")
WHERE = "Eastmere snapshot > At the front door"
SAM = (Change("inserted", "2,200", "Sam <b>Editor</b>", "2024-08-01T09:30:00Z"),)
FIGURES = (
    CheckedFigure("eastmere.contacts.2023-24", "ok", "669", "669", "669", WHERE),
    CheckedFigure("eastmere.referrals.2023-24", "changed", "2,190", "2,200", "2,190", WHERE, "2,200 referrals", SAM),
    CheckedFigure("eastmere.cp_plans_open.2023-24", "deleted", "158", "", "158", WHERE, times=3),
    CheckedFigure("eastmere.cin_open.2023-24", "deleted", "1,487", "", "1,487", WHERE, link_lost=True),
    CheckedFigure("eastmere.children_missing.2023-24", "duplicated", "290", "290", "290", WHERE, "by 290 young people"),
    CheckedFigure("eastmere.of_nothing_that_the_register_has_by_such_a_name.2023-24", "unknown", "", "7", "", WHERE),
    CheckedFigure("eastmere.plans.2023-24", "out_of_date", "600", "600", "603", WHERE, "600 plans"),
)
NUMBERS = (
    CheckedNumber("158", "typed", WHERE, "and 158 more were", SAM[0], ("eastmere.cp_plans_open.2023-24",), "158"),
    CheckedNumber("1", "beside", WHERE, "1669 contacts", None, ("eastmere.contacts.2023-24",)),
)
COMMENTS = (
    CheckedComment("Sam", "2024-08-01T09:30:00Z", "Is this <really> the year's?", "669 contacts", WHERE),
    CheckedComment("", "", "No author", "", ""),
    CheckedComment("Run", "", "ours and not shown", "", "", ours=True),
    CheckedComment("Sam", "", "resolved and not shown", "", "", resolved=True),
)
EVERYTHING = CheckedDraft("x", SHA, "needs_a_person", "2023-24-0a1b2c3d4e", FIGURES, NUMBERS, COMMENTS, ("A note.",))
GOOD = CheckedDraft("x", SHA, "edited", "2023-24-0a1b2c3d4e", FIGURES[:1])
REFUSED = TakenUpload("uploads/other/a.docx", SHA, "refused", reason="It holds a macro.", to_do="Save it without.")
NOT_OURS = TakenUpload("uploads/other/a.docx", SHA, "not_ours", reason="No run of ours made it.", to_do="Edit ours.")
OVER = TakenUpload(TAKEN.upload, SHA, "taken", TAKEN.draft, "000004", instead_of="000003")
LOST = CheckedDraft("x", SHA, "links_lost", "2023-24-0a1b2c3d4e", notes=("Another program saved it last.", "A note."))
AGAIN = TakenUpload(TAKEN.upload, SHA, "already_there", TAKEN.draft)
PAGES = {
    "links-lost": (TAKEN, LOST),
    "again": (AGAIN, GOOD),
    "everything": (TAKEN, EVERYTHING),
    "good": (TAKEN, GOOD),
    "over-anothers": (OVER, GOOD),
    "refused": (REFUSED, None),
    "not-ours": (NOT_OURS, GOOD),
}


def html(name: str) -> str:
    profile = small.partnership().profile
    return uploaded_page(*PAGES[name], "Eastmere snapshot, 2023-24", profile.name, profile.look)


def test_everything_that_needs_a_person_is_told_with_place_and_what_to_do() -> None:
    page = html("everything")
    assert "10 things in it need you" in page
    for one in (*FIGURES[1:], *NUMBERS):
        assert one.to_do.replace("'", "&#39;") in page and one.what.split("<")[0] in page
    assert "669 contacts" in page and "A note." in page
    assert FIGURES[0].id not in page and "not shown" not in page


def test_what_a_document_says_is_no_html() -> None:
    page = html("everything")
    assert "<b>" not in page and "<really>" not in page
    assert "Sam &lt;b&gt;Editor" in page and "&lt;really&gt;" in page


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("good", "You do not have to do anything else."),
        ("over-anothers", "(version 000003) and is not lost"),
        ("links-lost", "Its links to the figures are lost"),
        ("links-lost", "<strong>Another program saved it last.</strong>"),
        ("again", "The draft has had exactly this version before"),
        ("refused", "was not opened"),
        ("refused", "Save it without."),
        ("not-ours", "did not become a draft"),
    ],
)
def test_it_says_what_became_of_the_upload(name: str, says: str) -> None:
    assert says in html(name)


def test_nothing_is_called_right_that_nobody_could_look_at() -> None:
    for name in ("links-lost", "refused", "not-ours"):
        assert "as they should be." not in html(name).partition("<h2")[0]
    assert "do anything else" not in html("over-anothers") and "is the newest" not in html("again")


def test_the_same_outcome_makes_the_same_bytes() -> None:
    assert html("everything") == html("everything")


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as one:
        yield one


@needs_browser
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it(started: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.html"
    path.write_text(html(name), encoding="utf-8")
    for width in (PHONE, SCREEN):
        with opened(started, path, width) as page:
            assert findings_of_axe(page) == []
            assert too_wide(page) == []
            assert not_reached_by_keyboard(page) == []
            keep(page, f"upload-{name}")
