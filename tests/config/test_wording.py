"""The checks of words: those of every partnership, and what one partnership may change of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.load import ConfigurationRefused, load_partnership
from config.wording import WordingCheck

SMALL = Path(__file__).parent.parent / "partnerships"


def loaded(tmp_path: Path, own: str) -> dict[str, WordingCheck]:
    shutil.copytree(SMALL / "eastmere", tmp_path / "eastmere")
    (tmp_path / "eastmere" / "wording.yaml").write_text(own, encoding="utf-8")
    return {check.id: check for check in load_partnership("eastmere", tmp_path).wording}


def test_a_partnership_without_a_file_of_its_own_has_every_check() -> None:
    checks = load_partnership("eastmere", SMALL).wording
    assert len(checks) == len({check.id for check in checks}) > 30
    assert all(check.on and check.owner is None for check in checks)


def test_a_partnership_changes_only_what_it_names(tmp_path: Path) -> None:
    before = {check.id: check for check in load_partnership("eastmere", SMALL).wording}
    after = loaded(
        tmp_path,
        "plan_as_done: {on: false}\n"
        "placeholder: {severity: look_at, owner: training, words: {placeholders: [awaiting figures]}}\n",
    )
    assert not after["plan_as_done"].on
    changed = after["placeholder"]
    assert (changed.severity, changed.owner, changed.on) == ("look_at", "training", True)
    assert changed.words["placeholders"] == (*before["placeholder"].words["placeholders"], "awaiting figures")
    assert {name: check for name, check in after.items() if check != before[name]}.keys() == {
        "plan_as_done",
        "placeholder",
    }


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("plan_as_don: {on: false}", "is not one of"),
        ("plan_as_done: {of: false}", "not known"),
        ("placeholder: {severity: urgent}", "'urgent' is not one of"),
        ("placeholder: {owner: trainng}", "Did you mean 'training'?"),
        ("placeholder: {words: {placeholder: [later]}}", "no such list of words. It has: placeholders."),
        ("placeholder: {words: {placeholders: ['(later']}}", "no pattern that can be looked for"),
        ("identification_risk: {at_least: 0}", "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_what_to_do(tmp_path: Path, own: str, says: str) -> None:
    with pytest.raises(ConfigurationRefused) as refused:
        loaded(tmp_path, f"# ours\n{own}\n")
    (mistake,) = refused.value.mistakes
    assert says in str(mistake)
    assert (mistake.file.name, mistake.line) == ("wording.yaml", 2)


def test_another_list_of_words_is_another_configuration(tmp_path: Path) -> None:
    before = load_partnership("eastmere", SMALL).fingerprint
    loaded(tmp_path, "plan_as_done: {on: false}\n")
    assert load_partnership("eastmere", tmp_path).fingerprint != before
