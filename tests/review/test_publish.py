"""The annual report is published once, clean and with a receipt, or not at all, with every reason why not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.errors import Refused
from config.model import Signing
from config.periods import ReportingYear
from tasks import plain
from tasks.assemble import combine, office
from tasks.assemble.charts import read_charts, set_points
from tasks.assemble.finish import packed
from tasks.explain import explain_from_store
from tasks.kept import OPEN, WHOLE, register_key
from tasks.model import Figure, Finding, Register
from tasks.publication import HeldUp, blockers
from tasks.publish import Wanted, candidate, publications, publish
from tasks.review.revisions import W, said
from tasks.signing import Asked, sign
from tasks.signing.signatures import COMMAND_LINE, progress_in
from tasks.store import ABSENT, Conflict
from tasks.store.folder import FolderStore
from tests.assemble.invented import RUN, a_finding, context_of, given_for_the_year, make_partnership
from tests.review.made import body, control, edited, paragraph_with, parts, retype, run

YEAR, DAY = ReportingYear(2023), date(2024, 9, 2)
REFERRALS, PLANS, HIDDEN = "eastmere.referrals.2023-24", "eastmere.cp_plans_open.2023-24", "eastmere.cse_risk.2023-24"
CONTACTS = "eastmere.contacts_per_month.2023-24"
"""It stands in no chart."""
DRAFT = "drafts/2023-24/annual/annual-report.docx"
BY = Wanted("business-unit", DAY)
PDF = {"annual-report.pdf"} if office.is_installed() else set()
FILES = {"annual-report.docx", "register.json", "figures.csv", "receipt.json"} | PDF


class Year:
    """A store in which the year was run: its books, and its draft as it was made."""

    def __init__(self, folder: Path, **changes: Figure) -> None:
        self.partnership = make_partnership()
        given = given_for_the_year()
        figures = {name: replace(changes.get(name, one), illustrative=False) for name, one in given.figures.items()}
        self.given = given.but(figures=figures, findings=())
        self.store = FolderStore(folder)
        self.keep()
        contexts = [context_of(self.partnership, one, self.given) for one in self.partnership.sections]
        self.draft = combine(self.partnership, YEAR, contexts, RUN)
        self.store.put(DRAFT, self.draft, about={"writer": "annual-report-assurance"})

    def keep(self, *findings: Finding, **changes: str) -> None:
        """Keep both books; ``changes`` are what figures display, by their names with an underscore for the dot."""
        shown = [
            replace(one, display=changes[one.measure], value=Decimal(changes[one.measure].replace(",", "")))
            if one.measure in changes
            else one
            for one in self.given.figures.values()
        ]
        observed = tuple(self.given.observations.values())
        book = Register(tuple(shown), observed, findings, self.given.files)
        whole = replace(
            book,
            figures=tuple(
                replace(one, value=Decimal(3), symbol="", display="3") if one.id == HIDDEN else one for one in shown
            ),
        )
        self.store.put(register_key(OPEN, YEAR), plain.to_json(book).encode())
        self.store.put(register_key(WHOLE, YEAR), plain.to_json(whole).encode())

    def edit(self, change) -> None:
        self.store.put(DRAFT, edited(self.draft, change), about={"writer": "a person"})

    @property
    def printed(self) -> set[str]:
        return {one.id for one in self.given.figures.values()}

    def reasons(self, *without: str) -> list[str]:
        chosen = candidate(self.store, self.partnership, YEAR, DAY)
        return [one.what for one in blockers(self.partnership, chosen, without)]

    def publish(self, wanted: Wanted = BY):
        return publish(self.store, self.partnership, candidate(self.store, self.partnership, YEAR, DAY), wanted)


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)


def published(year: Year, folder: str = "published/2023-24") -> dict[str, bytes]:
    """What one publication left, by name; a correction has a folder of its own."""
    kept = year.store.list(f"{folder}/")
    return {name: year.store.get(one.key) for one in kept if "/" not in (name := one.key.removeprefix(f"{folder}/"))}


def test_a_draft_against_which_nothing_speaks_is_published_with_a_receipt(year: Year) -> None:
    assert year.reasons() == []
    done = year.publish()
    files = published(year)
    assert set(files) == FILES
    assert all(files[name].startswith(b"%PDF-") for name in PDF)
    assert json.loads(files["receipt.json"]) == json.loads(plain.to_json(done.receipt))
    assert done.receipt["published_by"] == "business-unit"
    assert done.receipt["run"] == RUN
    assert done.receipt["draft"]["key"] == DRAFT
    for name, digest in done.receipt["files"].items():
        assert year.store.describe(f"published/2023-24/{name}").sha256 == digest
    assert "DRAFT" not in said(body(files["annual-report.docx"]))
    book = plain.from_plain(Register, json.loads(files["register.json"]))
    states = {one.id: one.status for one in book.figures}
    assert states[REFERRALS] == "published"
    assert states[HIDDEN] == "validated"  # no number of it is printed
    rows = files["figures.csv"].decode()
    assert REFERRALS in rows and HIDDEN not in rows


def test_all_that_is_published_is_to_be_locked_for_whole_years(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, put = {}, FolderStore.put

    def noted(self, key, data, **words):
        asked[key] = words.get("locked_until")
        return put(self, key, data, **words)

    monkeypatch.setattr(FolderStore, "put", noted)
    year.publish()
    assert asked and asked == dict.fromkeys((one.key for one in year.store.list("published/")), date(2035, 1, 1))


def test_a_published_figure_says_so_when_it_is_explained(year: Year) -> None:
    year.publish()
    told = explain_from_store(year.store, REFERRALS).text
    assert "Status     published" in told
    assert "2,190 in the annual report 2023-24, on 2 September 2024" in told
    year.keep(referrals="2,200")
    told = explain_from_store(year.store, REFERRALS).text
    assert "Status     validated" in told
    assert "The annual report 2023-24 printed 2,190; the register says otherwise now." in told


def test_every_reason_is_told_at_once_and_nothing_is_written(year: Year) -> None:
    def edit(root) -> None:
        retype(root, REFERRALS, "2,300", tracked=True)
        retype(root, HIDDEN, "3", tracked=False)
        cut = control(root, PLANS).getparent()
        cut.getparent().remove(cut)

    year.edit(edit)
    year.keep(
        a_finding("official:eastmere.cin_open", "eastmere.cin_open.2023-24", severity="must_fix"), cin_open="1,521"
    )
    with pytest.raises(HeldUp) as refused:
        year.publish()
    told = str(refused.value)
    for words in (
        "The open cases in the dataset are not those in the official statistics",
        "“2,190” was changed to “2,300” by Sam on 2024-08-01",
        f"Something was typed over “<5” of {HIDDEN}",
        f"{PLANS}: ",
        "eastmere.cin_open.2023-24: It was printed as “1,487”; the register now says “1,521”.",
        "Nothing was written.",
    ):
        assert words in told
    assert " 3" not in "".join(one.what for one in refused.value.reasons if HIDDEN in one.what)
    assert list(year.store.list("published/")) == []


def test_a_figure_that_was_taken_out_on_purpose_is_no_reason_and_stands_in_the_receipt(year: Year) -> None:
    def cut(root) -> None:
        for tag in list(root.iter(f"{W}tag")):
            if tag.get(f"{W}val") == f"fig:{CONTACTS}":
                paragraph = next(tag.iterancestors(f"{W}p"))
                paragraph.getparent().remove(paragraph)

    year.edit(cut)
    assert [one for one in year.reasons() if CONTACTS in one]
    assert year.reasons(CONTACTS) == []
    done = year.publish(replace(BY, without=(CONTACTS,)))
    assert done.receipt["figures_left_out"] == [CONTACTS]
    book = plain.from_plain(Register, json.loads(published(year)["register.json"]))
    assert next(one.status for one in book.figures if one.id == CONTACTS) == "validated"


def test_figures_that_were_made_up_are_a_reason(tmp_path: Path) -> None:
    year = Year(tmp_path)
    figures = {name: replace(one, illustrative="contribution" in name) for name, one in year.given.figures.items()}
    year.given = year.given.but(figures=figures)
    year.keep()
    assert year.reasons() == [
        "3 figures were made up to show the form: partnership.contribution_eastmere.2023-24, "
        "partnership.contribution_icb.2023-24 and partnership.contribution_police.2023-24."
    ]


def test_a_hidden_number_typed_among_words_that_name_it_is_a_reason(year: Year) -> None:
    words = " In all 3 children were identified as at risk of sexual exploitation."
    year.edit(lambda root: paragraph_with(root, "open Child in Need cases").append(run(words)))
    assert [one for one in year.reasons() if "hidden" in one] == [
        f"A number seems to have been typed that is hidden: that of {HIDDEN}."
    ]


def test_a_chart_that_shows_something_else_is_a_reason(year: Year) -> None:
    point = next(one for one in read_charts(parts(year.draft)) if one.figure_id in year.printed)
    changed = set_points(parts(year.draft), {point.figure_id: "77"})
    year.store.put(DRAFT, packed(changed), about={"writer": "a person"})
    chosen = candidate(year.store, year.partnership, YEAR, DAY)
    assert [one.what for one in blockers(year.partnership, chosen) if point.chart in one.where] == [
        f"{point.figure_id}: It was printed as “77”; the register now says “{point.text}”."
    ]


def test_what_an_editor_wrote_is_published(year: Year) -> None:
    year.edit(lambda root: paragraph_with(root, "open Child in Need cases").append(run(" More than ever.")))
    year.publish()
    assert " More than ever." in said(body(published(year)["annual-report.docx"]))


def test_a_year_is_published_once(year: Year) -> None:
    year.publish()
    before = published(year)
    with pytest.raises(Refused, match="was published on 2 September 2024"):
        year.publish()
    assert published(year) == before


def test_a_correction_is_a_publication_of_its_own_with_a_note(year: Year) -> None:
    year.publish()
    first = published(year)
    year.keep(referrals="2,200")
    year.edit(_retype_all)
    done = year.publish(replace(BY, correction="Ten referrals were counted late."))
    assert done.folder == "published/2023-24/2"
    note = published(year, "published/2023-24/2")["correction.txt"].decode()
    assert "Ten referrals were counted late." in note
    assert "Referrals, Eastmere: 2,190 before, 2,200 now" in note
    assert published(year) == first
    assert [one.number for one in publications(year.store, "2023-24")] == [1, 2]


def _retype_all(root) -> None:
    """As a refresh does it, in all its places."""
    for tag in root.iter(f"{W}tag"):
        if tag.get(f"{W}val") == f"fig:{REFERRALS}":
            text = next(tag.getparent().getparent().iter(f"{W}t"))
            text.text = "2,200"


@pytest.mark.parametrize("written", range(1, len(FILES)))
def test_a_publication_that_was_interrupted_can_be_run_again(year: Year, written: int, monkeypatch) -> None:
    put, done = year.store.put, []

    def dies(key: str, data: bytes, **more):
        if key.startswith("published/"):
            done.append(key)
            if len(done) > written:
                raise KeyboardInterrupt
        return put(key, data, **more)

    monkeypatch.setattr(year.store, "put", dies)
    with pytest.raises(KeyboardInterrupt):
        year.publish()
    monkeypatch.undo()
    assert publications(year.store, "2023-24") == []
    year.publish()
    assert set(published(year)) == FILES
    for one in year.store.list("published/"):
        assert len(year.store.versions(one.key)) == 1


def test_an_unfinished_publication_of_something_else_is_not_overwritten(year: Year) -> None:
    year.store.put("published/2023-24/annual-report.docx", b"begun with another draft", expected=ABSENT)
    with pytest.raises(Refused, match="begun and not finished"):
        year.publish()
    with pytest.raises(Conflict):
        year.store.put("published/2023-24/annual-report.docx", b"x", expected=ABSENT)


def test_only_a_group_of_the_partnership_publishes(year: Year) -> None:
    with pytest.raises(Refused, match="no group 'sam'"):
        year.publish(replace(BY, by="sam"))


def test_a_document_that_is_not_ours_is_not_published(year: Year, tmp_path: Path) -> None:
    from docx import Document

    Document().save(tmp_path / "own.docx")
    given = ("own.docx", (tmp_path / "own.docx").read_bytes())
    chosen = candidate(year.store, year.partnership, YEAR, DAY, given)
    assert "not one of our drafts" in blockers(year.partnership, chosen)[0].what


def test_an_unsigned_draft_is_held_up_and_a_signed_one_says_in_its_receipt_who_signed(tmp_path: Path) -> None:
    year = Year(tmp_path)
    signing = Signing(quality="training-group", partners=("eastmere-council",))
    year.partnership = replace(
        year.partnership, profile=year.partnership.profile.model_copy(update={"signing": signing})
    )
    assert year.reasons() == ["Not everybody has signed the draft: it is drafted, and Business unit is asked now."]
    for number, role in enumerate(("business-unit", "business-unit", "training-group", "eastmere-council")):
        asked = Asked("annual-report", role, f"Person {number}", "signed", f"2024-09-0{number + 1}", COMMAND_LINE)
        sign(year.store, year.partnership, YEAR, asked)
    assert year.reasons() == []
    assert [one["role"] for one in year.publish().receipt["signed"]] == [
        "business-unit",
        "business-unit",
        "training-group",
        "eastmere-council",
    ]
    assert progress_in(year.store, year.partnership, YEAR, "annual-report").state == "published"
    year.edit(lambda root: None)  # saved again, without a change that anybody sees: other bytes all the same
    assert progress_in(year.store, year.partnership, YEAR, "annual-report").state == "drafted"


@pytest.mark.parametrize("tracked", [True, False])
def test_a_draft_that_tells_a_hidden_number_is_not_signed(tmp_path: Path, tracked: bool) -> None:
    year = Year(tmp_path)
    signing = Signing(quality="training-group", partners=("eastmere-council",))
    year.partnership = replace(
        year.partnership, profile=year.partnership.profile.model_copy(update={"signing": signing})
    )
    year.edit(lambda root: retype(root, HIDDEN, "3", tracked=tracked))
    asked = Asked("annual-report", "business-unit", "Ann Example", "signed", "2024-09-02", COMMAND_LINE)
    with pytest.raises(Refused, match="hidden to protect people") as refused:
        sign(year.store, year.partnership, YEAR, asked)
    assert "3" not in refused.value.what + refused.value.why + refused.value.to_do
    back = replace(asked, answer="sent_back", words="A number that is hidden was typed.")
    assert sign(year.store, year.partnership, YEAR, back).answer == "sent_back"
