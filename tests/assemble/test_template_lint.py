"""A restyled template is tried before a run takes it: each fault is told with its place and what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.errors import Refused
from config.load import ConfigurationRefused, load_partnership
from config.partnership import Partnership
from flows.command_line import assure
from tasks.assemble import draft_section, template_lint
from tasks.assemble.template_lint import Fault, faults_of, refuse_faulty
from tasks.gather.forking import Limits
from templates.word import SHAPES, template
from tests.assemble.invented import context_of
from tests.assemble.test_draft import texts, with_text

EASTMERE = Path(__file__).parent.parent / "partnerships"


@pytest.mark.parametrize("shape", [*SHAPES, "report"])
def test_the_templates_that_come_with_the_project_are_good(partnership: Partnership, shape: str) -> None:
    assert faults_of(template(shape), f"{shape}.docx", shape, partnership) == ()


FAULTS = [
    # shape, what stands there, what somebody made of it, words of the fault, of its place, and of what to do
    ("snapshot", "{{ group.heading }}", "{{ grup.heading }}", "'grup' stands for nothing", "grup", "Did you mean"),
    ("snapshot", "{{ intro }}", "{{ introo }}", "'introo' stands for nothing", "the text", "'intro'"),
    ("snapshot", "{{ group.heading }}", "{{ group.headng }}", "there is no 'headng' here", "headng", "Correct the tag"),
    (
        "snapshot",
        "{{ intro }}",
        "{{ fig('eastmere.referals') }}",
        "'eastmere.referals' is no figure of this partnership",
        "fig(",
        "'eastmere.referrals'",
    ),
    ("snapshot", "{{ intro }}", "{{ intro }", "A tag is not whole: '{{'", "paragraph", "in one paragraph"),
    ("snapshot", "{{ intro }}", "{{ intro \u2013 1 }}", "Word put '\u2013' into a tag", "paragraph", "Ctrl+Z"),
    ("snapshot", "{{ intro }}", "{{\u00a0intro }}", "no-break space", "paragraph", "a space"),
    ("snapshot", "{%p if intro %}", "{%p iff intro %}", "A tag cannot be read", "iff intro", "needs its end"),
    ("snapshot", "{{ intro }}", "{{ intro.__class__.__mro__ }}", "unsafe", "", "Correct the tag"),
    (
        "snapshot",
        "{{ intro }}",
        "{{ fig('partnership.elearning') }}",
        "not one of this section",
        "",
        "Correct the name",
    ),
    ("prose", "{%p if alone and sources %}", "{%p if alone %}", "left without rows", "Where it comes from", "{%p if"),
    ("prose", "<w:tblHeader/>", "", "not marked as its heading", "table 1", "Repeat Header Rows"),
]


@pytest.mark.parametrize(("shape", "old", "new", "what", "where", "to_do"), FAULTS)
def test_a_fault_is_told_with_its_place_and_what_to_do(
    partnership: Partnership, shape: str, old: str, new: str, what: str, where: str, to_do: str
) -> None:
    found = faults_of(with_text(template(shape), old, new), "mine.docx", shape, partnership)
    assert found
    assert what in found[0].what
    assert where in found[0].where
    assert to_do in found[0].to_do
    assert "<w:" not in str(found)


def test_curly_quotes_that_word_types_in_a_tag_do_no_harm(partnership: Partnership, given) -> None:
    curly = with_text(template("snapshot"), "{{ intro }}", "{{ fig(\u2018eastmere.referrals\u2019) }}")
    section = partnership.section("eastmere-snapshot")
    assert "2,190" in texts(draft_section(context_of(partnership, section, given), curly))
    assert [fault for fault in faults_of(curly, "mine.docx", "snapshot", partnership) if fault.stops] == []


def test_styles_that_figures_are_linked_in_must_be_there(partnership: Partnership) -> None:
    data = with_text(template("finance"), '"Query Flag"', '"Our Flag"', "word/styles.xml")
    (fault,) = faults_of(data, "finance.docx", "finance", partnership)
    assert fault == Fault(
        "The style 'Query Flag' is not there. Figures are linked and flagged in it.",
        "the styles of the template",
        "Copy it from the template that comes with the project (Styles, Manage Styles, Import/Export).",
    )


def test_a_style_that_the_report_lacks_is_told(partnership: Partnership) -> None:
    data = with_text(template("finance"), 'w:val="Source Note"', 'w:val="Small Print"', "word/styles.xml")
    (fault,) = faults_of(data, "finance.docx", "finance", partnership)
    assert "'Small Print' is not one of the combined report's" in fault.what


def test_a_report_without_a_place_for_its_sections_is_told(partnership: Partnership) -> None:
    data = with_text(template("report"), "{{ sections }}", "Sections")
    (fault,) = faults_of(data, "report.docx", "report", partnership)
    assert "{{ sections }} alone in it" in fault.what


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("{{ 'A' * 10 ** 10 }}", "more memory"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "does not end"),
        ("{{ 1 / 0 }}", "broke off"),
    ],
)
def test_a_template_that_would_take_the_machine_is_stopped(
    partnership: Partnership, code: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_lint, "LIMITS", Limits(256 * 1024 * 1024, processor_seconds=2, seconds=20))
    (fault,) = faults_of(with_text(template("finance"), "{{ intro }}", code), "x.docx", "finance", partnership)
    assert what in fault.what


def test_what_makes_a_draft_harder_to_read_does_not_stop_it(partnership: Partnership) -> None:
    pale = with_text(template("finance"), '"4A5563"', '"B9C2CC"', "word/styles.xml")
    found = faults_of(pale, "finance.docx", "finance", partnership)
    assert found
    assert not any(fault.stops for fault in found)


def test_what_is_no_template_is_refused(partnership: Partnership) -> None:
    with pytest.raises(Refused):
        faults_of(b"hello", "snapshot.docx", "snapshot", partnership)
    with pytest.raises(Refused, match="no shape of template called 'letter'"):
        faults_of(template("prose"), "letter.docx", "letter", partnership)


# A partnership's own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EASTMERE / "eastmere", tmp_path / "eastmere")
    (tmp_path / "eastmere/templates").mkdir()
    return tmp_path


def test_a_partnerships_own_template_is_used_and_counts_in_the_fingerprint(folder: Path) -> None:
    before = load_partnership("eastmere", folder)
    own = with_text(template("snapshot"), "Where these figures come from", "Sources of these figures")
    (folder / "eastmere/templates/snapshot.docx").write_bytes(own)
    (folder / "eastmere/templates/~$apshot.docx").write_bytes(b"Word's own note")
    after = load_partnership("eastmere", folder)
    assert after.templates == {"snapshot": own}
    assert after.fingerprint != before.fingerprint
    refuse_faulty(after)


def test_a_template_of_an_unknown_name_is_a_mistake_of_the_configuration(folder: Path) -> None:
    (folder / "eastmere/templates/snapshots.docx").write_bytes(template("snapshot"))
    with pytest.raises(ConfigurationRefused, match=r"snapshots.docx, line 1.* Did you mean snapshot.docx\?"):
        load_partnership("eastmere", folder)


def test_a_faulty_template_is_refused_with_all_that_stops_it(folder: Path) -> None:
    bad = with_text(template("snapshot"), "{{ intro }}", "{{ introo }}")
    (folder / "eastmere/templates/snapshot.docx").write_bytes(bad)
    with pytest.raises(Refused, match=r"snapshot.docx, the text, a tag with 'introo': 'introo' stands for nothing"):
        refuse_faulty(load_partnership("eastmere", folder))


def test_the_same_fault_in_many_places_is_told_once_with_the_first_of_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(folder))
    start = "<w:body>"
    broken = "".join(f"<w:p><w:r><w:t>Broken {number} {{{{ intro }}</w:t></w:r></w:p>" for number in range(7))
    bad = folder / "eastmere/templates/finance.docx"
    bad.write_bytes(with_text(template("finance"), start, start + broken))
    command = ["template", "check", "--partnership", "eastmere", str(bad)]
    told = " ".join(CliRunner().invoke(assure, command).stdout.split())
    refused = str(_refusal(folder))
    for said in (told, refused):
        assert said.count("A tag is not whole") == said.count("Write the whole tag in one paragraph") == 1
        assert all(f"Broken {number}" in said for number in range(3)), "the first three are named"
        assert not any(f"Broken {number}" in said for number in range(3, 7))
        assert "and 4 more" in said
    every = json.loads(CliRunner().invoke(assure, [*command, "--json"]).stdout)[0]["faults"]
    assert len(every) == 7, "a program is told of all"


def _refusal(folder: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        refuse_faulty(load_partnership("eastmere", folder))
    return caught.value


def test_the_command_says_it_in_words_and_as_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(folder))
    good, bad = folder / "finance.docx", folder / "prose.docx"
    good.write_bytes(template("finance"))
    bad.write_bytes(with_text(template("prose"), "{{ intro }}", "{{ introo }}"))
    command = ["template", "check", "--partnership", "eastmere"]
    told = CliRunner().invoke(assure, [*command, str(good), str(bad)])
    assert told.exit_code == 1
    assert "finance.docx: good. Drafts can be made from it." in told.stdout
    assert "prose.docx: no draft can be made from it." in told.stdout
    assert "To do: Did you mean 'intro'?" in told.stdout
    data = json.loads(CliRunner().invoke(assure, [*command, "--json", str(bad)]).stdout)
    assert data[0]["faults"][0]["stops"] is True
    assert CliRunner().invoke(assure, [*command, str(folder / "none.docx")]).exit_code == 2
