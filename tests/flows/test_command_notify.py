"""What would be told, and whom, can be read before anybody is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.command_line import assure
from flows.notify import block_of, setting_of
from tasks.store import open_store, put_json


def test_a_dry_run_prints_what_would_go_to_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSURE_NOTIFY_BUSINESS_UNIT", "ms-teams-webhook/business-unit")
    asked = ["notify", "--partnership", "hsscp", "--as-at", "2027-09-30", "--dry-run"]
    done = CliRunner().invoke(assure, asked)
    assert done.exit_code == 0, done.output
    assert "To HSSCP Business Unit, through ms-teams-webhook/business-unit" in done.output
    assert "HSSCP: By 30 September 2027: Publish the annual report" in done.output
    assert "2 messages would be sent." in done.output
    told = json.loads(CliRunner().invoke(assure, [*asked, "--json"]).output)
    assert [(one["of"], one["through"], one["sent"]) for one in told] == [
        ("deadlines", "ms-teams-webhook/business-unit", False)
    ] * 2


def test_who_has_no_address_on_this_machine_is_named_with_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSURE_NOTIFY_BUSINESS_UNIT", raising=False)
    done = CliRunner().invoke(assure, ["notify", "--partnership", "hsscp", "--as-at", "2027-04-13", "--dry-run"])
    assert "through nobody: ASSURE_NOTIFY_BUSINESS_UNIT is not set" in done.output
    assert "Not come yet: 7 returns due soon" in done.output


def test_a_quiet_day_tells_nobody() -> None:
    done = CliRunner().invoke(assure, ["notify", "--partnership", "hsscp", "--as-at", "2027-08-18", "--dry-run"])
    assert done.output == "0 messages.\n"


def test_copies_are_asked_for_by_the_real_day_of_publication(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSURE_STORE", str(tmp_path))
    receipt = {"published_on": "2027-08-12"}
    put_json(open_store(tmp_path), "published/2026-27/receipt.json", receipt)
    asked = ["notify", "--partnership", "hsscp", "--dry-run", "--as-at"]
    told = CliRunner().invoke(assure, [*asked, "2027-08-13"]).output
    assert "HSSCP: By 19 August 2027: Send the published report to the Child" in told
    assert "Report of 2026-27" in told
    assert "Send the published report" not in CliRunner().invoke(assure, [*asked, "2027-10-07"]).output

    put_json(open_store(tmp_path), "published/2026-27/2/receipt.json", {"published_on": "2027-10-01"})
    assert "By 8 October 2027: Send the published" in CliRunner().invoke(assure, [*asked, "2027-10-08"]).output


def test_a_group_has_one_setting() -> None:
    assert setting_of("quality-assurance") == "ASSURE_NOTIFY_QUALITY_ASSURANCE"
    assert block_of("nobody-here") == ""
