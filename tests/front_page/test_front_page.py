"""The front page leads to everything in the open part of a store, and tells whose version is the newest."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.model import Signing
from config.periods import ReportingYear
from tasks import plain
from tasks.front_page import front_page, put_pages, seen
from tasks.front_page.told import Draft, Part, Settled
from tasks.kept import OPEN_PARTS, is_open
from tasks.model import Draft as MadeDraft
from tasks.review.uploads import take_uploads
from tasks.signing import Asked, sign
from tasks.signing.signatures import progress_in
from tasks.store import FolderStore, Stored
from tests.front_page import small
from tests.quality.invented import PAGES
from tests.review import drafts_edited as edits

LOOK = small.partnership().profile.look


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(small.PARTNERSHIPS))
    store = FolderStore(tmp_path / "a store")
    small.fill(store)
    return store


def html(store: FolderStore) -> str:
    return front_page(seen(store, small.partnership()), LOOK)


def part(store: FolderStore, year: str, period: str) -> Part:
    years = {one.year: one for one in seen(store, small.partnership()).years}
    return next(one for one in years[year].parts if one.period == period)


def without_the_plans(root: Any) -> None:
    control = edits.controls(root, edits.PLANS)[0]
    control.getparent().remove(control)


def test_every_link_leads_to_a_file_of_the_folder_or_to_a_place_on_the_page(store: FolderStore) -> None:
    put_pages(store, small.partnership())
    page = store.get("index.html").decode()
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) > 10
    for link in links:
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in page
        else:
            assert is_open(link)
            assert (store.root / "current" / link).is_file()


def test_what_is_open_and_made_for_people_is_linked(store: FolderStore) -> None:
    page = html(store)
    for key in (
        "quality/2023-24/annual/index.html",
        "quality/2023-24/Q3/index.html",
        "register/2023-24/annual/figures.csv",
        "forms/2024-25/Q1/training.docx",
        "published/2022-23/annual-report.pdf",
        small.DRAFT,
    ):
        assert f'href="{key}"' in page


def test_it_says_what_the_quality_page_says(store: FolderStore) -> None:
    told, shown = PAGES["everything"](), part(store, "2023-24", "2023-24-Q3")
    assert shown.headline == told.headline
    assert shown.to_do == len(told.to_do) > 0
    assert (shown.came, shown.expected) == (told.came, len(told.returns))
    missing = [one for one in told.returns if one.state != "read"]
    assert missing and all(any(one.title in line for line in shown.missing) for one in missing)


def test_how_far_each_part_is(store: FolderStore) -> None:
    states = {one.period: one.state for year in seen(store, small.partnership()).years for one in year.parts}
    assert states["2023-24"] == states["2023-24-Q3"] == "run"
    assert states["2024-25-Q1"] == "opened"
    assert states["2023-24-Q1"] == states["2024-25"] == "not_opened"
    assert [year.year for year in seen(store, small.partnership()).years] == ["2024-25", "2023-24", "2022-23"]


def test_the_closed_part_is_neither_shown_nor_read(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    get = FolderStore.get
    monkeypatch.setattr(FolderStore, "get", lambda self, key, version=None: (read.append(key), get(self, key))[1])
    page = html(store)
    assert small.CLOSED not in page
    assert read and [key for key in read if not is_open(key)] == []


def test_the_same_store_makes_the_same_bytes_and_no_new_version(store: FolderStore) -> None:
    put_pages(store, small.partnership())
    put_pages(FolderStore(store.root), small.partnership())
    assert len(store.versions("index.html")) == 1


class _SlowerThanAnother(FolderStore):
    """A store through which somebody has just looked when another puts a form there, and the front page with it."""

    beaten = False

    def put(self, key: str, data: bytes, **keywords: Any) -> Stored:
        if key == "index.html" and not self.beaten:
            self.beaten = True
            other = FolderStore(self.root)
            other.put("forms/2024-25/Q1/engagement.docx", b"another form")
            put_pages(other, small.partnership())
        return super().put(key, data, **keywords)


@pytest.mark.parametrize("there_is_one", [False, True])
def test_of_two_who_write_the_page_at_once_neither_takes_away_what_the_other_told(
    store: FolderStore, there_is_one: bool
) -> None:
    if there_is_one:
        put_pages(store, small.partnership())
    store.put("forms/2024-25/Q1/housing.docx", b"a form")
    put_pages(_SlowerThanAnother(store.root), small.partnership())
    page = store.get("index.html").decode()
    assert "forms/2024-25/Q1/housing.docx" in page and "forms/2024-25/Q1/engagement.docx" in page


def test_an_edited_draft_is_the_editors_and_says_what_was_found(store: FolderStore) -> None:
    assert not part(store, "2023-24", "2023-24").drafts[0].edited
    data = edits.edited(without_the_plans)
    upload = f"uploads/2023-24/annual/{edits.SNAPSHOT}/{'0' * 64}.docx"
    store.put(upload, data, about={"role": "training"})
    take_uploads(store, small.partnership())
    put_pages(store, small.partnership())

    draft = part(store, "2023-24", "2023-24").drafts[0]
    assert (draft.edited, draft.by, draft.newest) == (True, "Training group", "Edited (Training group)")
    outcome = store.get(draft.review).decode()
    assert edits.PLANS in outcome and "needs you" in outcome
    assert [one.needs_a_person for one in seen(store, small.partnership()).uploads] == [True]


def test_the_draft_of_a_later_run_is_found_beside_an_editors(store: FolderStore) -> None:
    store.put(small.DRAFT, b"an editor's", about={})
    beside = small.DRAFT.replace(".docx", "-2023-24-ffffffffff.docx")
    store.put(beside, b"of a later run", about={"writer": "annual-report-assurance"})
    made = MadeDraft(edits.SNAPSHOT, "Snapshot", beside, "0" * 64, (), 0, ())
    store.put("drafts/2023-24/annual/drafts.json", plain.to_json({"drafts": [made]}).encode())
    draft = part(store, "2023-24", "2023-24").drafts[0]
    assert (draft.key, draft.edited, draft.beside) == (small.DRAFT, True, beside)
    assert f'href="{beside}"' in html(store) and "The draft of a later run" in html(store)
    refreshed = replace(made, beside="refreshed", moved=3)
    store.put("drafts/2023-24/annual/drafts.json", plain.to_json({"drafts": [refreshed]}).encode())
    assert "A copy with 3 new figures as tracked changes" in html(store)


def test_a_correction_is_told_apart_from_what_it_corrects(store: FolderStore) -> None:
    store.put("published/2022-23/2/annual-report.pdf", b"%PDF-1.7 2")
    assert [one.title for one in seen(store, small.partnership()).years[-1].published] == [
        "Annual report, publication 2",
        "Annual report",
    ]


def test_titles_are_words_and_not_html(store: FolderStore) -> None:
    assert "Eastmere &lt;snapshot&gt;" in html(store)


def test_a_new_store_says_that_nothing_was_run(tmp_path: Path) -> None:
    assert "Nothing has been run yet" in html(FolderStore(tmp_path / "new"))


@pytest.mark.parametrize("key", ["restricted/a.json", "received/a.csv", "gathered/a.json", "decisions/1.json",
                                 "uploads/other/a.docx", "signatures/a.json", "Restricted/a.json", "partnership.json",
                                 "registers/a.json", "index.html.json"])  # fmt: skip
def test_what_is_in_no_list_is_closed(key: str) -> None:
    assert not is_open(key)


def test_what_is_listed_is_open() -> None:
    assert all(is_open(f"{room}/a.json") for room in OPEN_PARTS) and is_open("index.html")


def test_words_of_counts() -> None:
    assert Settled(2, 1, 1).words == "2 decisions stand, 1 waits for a correction at source, 1 has to be made again"
    assert Settled().words == ""
    two = tuple(Draft(str(n), "", "", edited=n == 1, queries=0) for n in range(2))
    assert Part("2023-24", "", "", "run", drafts=two).drafts_words == "2 drafts, 1 of them edited"
    assert Part("2023-24", "", "", "run", drafts=two[1:]).drafts_words == "1 draft, edited"


def test_it_counts_what_was_decided(store: FolderStore) -> None:
    states = [("decided", True), ("decided", True), ("waiting", True), ("reopened", True), ("open", False)]
    findings = [{"state": state, "history": [{}] if decided else []} for state, decided in states]
    store.put("findings/2023-24/Q3/findings.json", json.dumps({"findings": findings}).encode())
    assert part(store, "2023-24", "2023-24-Q3").settled == Settled(2, 1, 1)
    assert "2 decisions stand" in html(store)


def test_of_a_year_that_was_only_published_nothing_else_is_told(store: FolderStore) -> None:
    html_of_2022 = html(store).partition('id="year-2022-23"')[2].partition("</section>")[0]
    assert "annual-report.pdf" in html_of_2022 and "Nothing yet" not in html_of_2022


def test_it_says_how_far_a_draft_has_been_signed(store: FolderStore) -> None:
    shown = replace(
        small.partnership(),
        profile=small.partnership().profile.model_copy(
            update={"signing": Signing(quality="training", partners=("eastmere-council",))}
        ),
    )

    def how_far() -> list[str]:
        return [one.how_far for year in seen(store, shown).years for one in year.whole.drafts]

    assert how_far() == [""]
    (asked,) = progress_in(store, shown, ReportingYear(2023), edits.SNAPSHOT).waiting_for
    put_forward = Asked(edits.SNAPSHOT, asked, "Ann Example", "signed", "2024-07-01T09:00:00", "a run")
    sign(store, shown, ReportingYear(2023), put_forward)
    assert how_far() == ["With its data owner"]
    assert "With its data owner" in front_page(seen(store, shown), LOOK)
