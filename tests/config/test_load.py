"""A wrong configuration is refused whole, with file, line, key and what to do."""

import shutil
from pathlib import Path
from typing import get_args

import pytest

from config.errors import Refused
from config.load import ConfigurationRefused, load_partnership
from config.model import Id
from config.partnership import MEASURES_OF_A_RULE
from config.rules import Rule

SMALL = Path(__file__).parent.parent / "partnerships"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SMALL / "eastmere", tmp_path / "eastmere")
    return tmp_path


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replace text in a file and return the line on which it stands."""
    path = folder / "eastmere" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_good_configuration_is_read(folder: Path) -> None:
    loaded = load_partnership("eastmere", folder)
    assert loaded.profile.short_name == "ENSCP"
    assert [area.id for area in loaded.boroughs] == ["eastmere", "northbrook"]


def test_the_same_files_have_the_same_fingerprint(folder: Path) -> None:
    before = load_partnership("eastmere", folder).fingerprint
    assert before == load_partnership("eastmere", SMALL).fingerprint
    edit(folder, "measures.yaml", "unit: referrals", "unit: contacts")
    assert load_partnership("eastmere", folder).fingerprint != before


MISTAKES = [
    # file, what stands there, what is typed instead, key named, words in the message
    ("measures.yaml", "unit: referrals", "units: referrals", "units", "not known"),
    ("measures.yaml", "statistic: stock", "statistic: level", "statistic", "'level' is not one of"),
    (
        "measures.yaml",
        "areas: [eastmere, northbrook]  # referrals",
        "areas: [eastmere, northbrok]",
        "areas",
        "'northbrok' is not an area of this partnership. Did you mean 'northbrook'?",
    ),
    ("sources.yaml", "layout: long_csv", "layout: wide_csv", "layout", "'wide_csv' is not one of"),
    ("sources.yaml", "REF: referrals", "REF: referals", "layout", "Did you mean 'referrals'?"),
    ("sources.yaml", "due_days: 20  # first", "due_days: soon", "due_days", "'soon' is not a whole number in digits"),
    ("sources.yaml", "issued: true", "issued: perhaps", "issued", "'perhaps' is neither true nor false"),
    ("reconciliation.yaml", "kind: part_within_whole", "kind: part_of_whole", "kind", "'part_of_whole' is not one of"),
    ("reconciliation.yaml", "whole: cin_open", "whole: cin_opened", "whole", "Did you mean 'cin_open'?"),
    (
        "measures.yaml",
        "unit: referrals",
        "unit: referrals\n  says: {eastmoor: {on which day: the last}}",
        "says",
        "Did you mean 'eastmere'?",
    ),
    (
        "reconciliation.yaml",
        "  kind: part_within_whole\n",
        "  kind: part_within_whole\n  also: [referals]\n",
        "also",
        "Did you mean 'referrals'?",
    ),
    ("report.yaml", "- eastmere.referrals\n", "- eastmere.referals\n", "groups", "Did you mean 'referrals'?"),
    (
        "report.yaml",
        "[eastmere.cin_open, nor",
        "[eastmere.cin_opn, nor",
        "charts > 0 > figures",
        "Did you mean 'cin_open'?",
    ),
    (
        "report.yaml",
        "northbrook.cin_open]\n    -",
        "northbrook.referrals]\n    -",
        "figures",
        "several measures and of several",
    ),
    (
        "report.yaml",
        "open, northbrook.cin_open]\n    -",
        "open, eastmere.referrals]\n    -",
        "figures",
        "do not count the same",
    ),
    ("report.yaml", "open, northbrook.cin_open]\n    -", "open]\n    -", "figures", "One bar compares nothing"),
    (
        "report.yaml",
        "[partnership.training_sessions]}",
        "[partnership.training_sessions], before: [partnership.training_sessions]}",
        "training",
        "a column of the template 'finance'",
    ),
    (
        "report.yaml",
        "[partnership.training_sessions]}",
        "[partnership.training_sessions], before: [eastmere.cin_open, eastmere.referrals]}",
        "groups",
        "name one for each",
    ),
    ("report.yaml", "id: referrals-by-quarter", "id: children-in-need", "charts > 1 > id", "Another chart has this id"),
    ("report.yaml", "kind: column", "kind: pie", "charts > 0 > kind", "'pie' is not one of"),
    ("partnership.yaml", "accent: 00696B", "accent: 7FD6D8", "look > accent", "too light to be read on white"),
    ("partnership.yaml", "id: eastmere\nname", "id: northvale\nname", "id", "not the folder's name"),
    ("report.yaml", "template: priority", "template: priorities", "template", "'priorities' is not one of"),
    (
        "sources.yaml",
        'files: ["northbrook-*.csv"]',
        'files: ["Eastmere-*.csv"]',
        "files",
        "file name of 'dataset-eastmere'",
    ),
    (
        "report.yaml",
        "title: Early help\n",
        "title: Early help\n  intro: What was done in {period_word}.\n",
        "intro",
        "Write {period_words}",
    ),
    (
        "sources.yaml",
        "suite: borough-long-csv\n  layout: &long",
        "suite: borough-long-csv\n  issued: true\n  layout: &long",
        "issued",
        "No blank form can be made",
    ),
    (
        "sources.yaml",
        'files: ["training*.xlsx"]',
        'files: ["training*.xls", "training*.xlsx"]',
        "files",
        "must end in .xlsx",
    ),
    ("sources.yaml", '        topics: ["1"]\n', "", "topics", "would ask on no topic"),
    (
        "sources.yaml",
        ", impact: What difference did it make?}",
        "}",
        "questions",
        "no question for impact",
    ),
    ("partnership.yaml", "guidance: working-together-2023", "guidance: working-together-2033", "", "missing"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "words"), MISTAKES, ids=[f"{m[0]}: {m[2]}" for m in MISTAKES])
def test_a_mistake_is_refused_with_file_line_and_key(folder, file, old, new, key, words) -> None:
    line = edit(folder, file, old, new)
    with pytest.raises(ConfigurationRefused) as refused:
        load_partnership("eastmere", folder)
    mistakes = [m for m in refused.value.mistakes if words in str(m)]
    assert mistakes, str(refused.value)
    if key:
        assert any(key in m.key and m.file.name == file for m in mistakes), str(refused.value)
        assert any(abs(m.line - line) <= 12 for m in mistakes), (line, str(refused.value))
    assert refused.value.exit_code == 2


READING = """
implied:
  kind: implied_denominator
  says: They fit.
  matters: They are read together.
  to_do: Ask.
  owner: business-unit
  least: 1
  most: 9
  readings: [{area: eastmoor, reading: all of them, percentage: referals, parts: [cin_opened]}]
"""


def test_names_inside_the_readings_of_a_rule_are_checked(folder: Path) -> None:
    path = folder / "eastmere" / "reconciliation.yaml"
    path.write_text(path.read_text(encoding="utf-8") + READING, encoding="utf-8")
    with pytest.raises(ConfigurationRefused) as refused:
        load_partnership("eastmere", folder)
    for close in ("eastmere", "referrals", "cin_open"):
        assert f"Did you mean '{close}'?" in str(refused.value)


MOVES = """
moves:
  kind: movement
  says: It moves little.
  matters: A large movement needs a reason.
  to_do: Ask for it.
  owner: business-unit
  measures: [referrals]
  since: last_year
  percent: 25
"""


def test_what_is_quoted_from_elsewhere_has_no_movement_of_its_own(folder: Path) -> None:
    edit(folder, "measures.yaml", "statistic: flow\n  unit: referrals", "statistic: reference\n  unit: referrals")
    path = folder / "eastmere" / "reconciliation.yaml"
    path.write_text(path.read_text(encoding="utf-8") + MOVES, encoding="utf-8")
    with pytest.raises(ConfigurationRefused, match="'referrals' is quoted from elsewhere"):
        load_partnership("eastmere", folder)


def test_every_measure_that_a_kind_of_rule_names_is_checked() -> None:
    """A name that is not looked up would be a rule that is never asked, and nobody would be told."""
    named = {
        field
        for kind in get_args(get_args(Rule)[0])
        for field, about in kind.model_fields.items()
        if field not in ("id", "owner")
        and (Id in get_args(about.annotation) or (about.annotation is str and "pattern='" in str(about.metadata)))
    }
    assert {name for name in named if name not in ("measures", "parts", "also", "areas", "sources")} == set(
        MEASURES_OF_A_RULE
    )


def test_a_key_given_twice_is_refused_with_its_line(folder: Path) -> None:
    line = edit(folder, "measures.yaml", "unit: referrals", "unit: referrals\n  unit: contacts")
    with pytest.raises(ConfigurationRefused) as refused:
        load_partnership("eastmere", folder)
    assert refused.value.mistakes[0].line == line + 1
    assert "duplicate key" in str(refused.value)


def test_a_file_that_is_not_utf_8_is_refused_by_its_name(folder: Path) -> None:
    path = folder / "eastmere" / "measures.yaml"
    path.write_bytes(path.read_bytes() + "# caf\u00e9\n".encode("latin-1"))
    with pytest.raises(ConfigurationRefused) as refused:
        load_partnership("eastmere", folder)
    assert "not UTF-8" in str(refused.value) and "measures.yaml" in str(refused.value)


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    edit(folder, "measures.yaml", "unit: referrals", "units: referrals")
    edit(folder, "sources.yaml", "due_days: 20  # first", "due_days: soon")
    with pytest.raises(ConfigurationRefused) as refused:
        load_partnership("eastmere", folder)
    assert {m.file.name for m in refused.value.mistakes} >= {"measures.yaml", "sources.yaml"}


def test_an_unknown_partnership_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="Use one of"):
        load_partnership("nowhere")
