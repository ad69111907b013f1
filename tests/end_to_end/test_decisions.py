"""A finding of one quarter is settled by a person, holds in later periods, and opens again when its source changes.

Through the real store and the real command; the stages are called as Prefect calls them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.errors import Refused
from flows.command_line import assure as command
from tasks.order import Order
from tasks.run import Stages
from tasks.store import ABSENT, Conflict, open_store
from tests.conftest import ROOT, Ran, run_assure

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"
FINDING = "schools-stockton-counted-once:stockton.schools_by_phase.2023-24-Q3"
NOTE = "Schools that have pupils of both phases are counted in both."
REASON = "The council prints schools by phase and says so."
SETTLE = ("--explain", NOTE, "--role", "stockton-council", "--reason", REASON, "--on", "2024-01-20")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample year, in which the count of schools came in the third quarter already."""
    folder = tmp_path_factory.mktemp("decisions")
    shutil.copytree(SAMPLE, folder / "sent")
    schools = (folder / "sent/Q4/stockton_dataset_2023-24_Q4.csv").read_bytes().splitlines(keepends=True)
    early = [
        line.replace(b"Q4 2023/24", b"Q3 2023/24")
        for line in schools
        if line[:4] in (b"SCH0", b"SCH1", b"SCH6", b"SC11")
    ]
    with (folder / "sent/Q3/stockton_dataset_2023-24_Q3.csv").open("ab") as file:
        file.writelines(early)
    return folder


def run(place: Path, period: str, day: str = "2024-04-30") -> dict:
    """Gather, check and reconcile a period; the open register."""
    folder = period.removeprefix("2023-24").removeprefix("-") or "annual"
    stages = Stages(Order("hsscp", period, str(place / "sent" / folder), str(place / "store"), day))
    gathered = stages.gather()
    return json.loads(stages.store.get(stages.reconcile(gathered, stages.validate(gathered)).key))


def about(book: dict) -> tuple[dict, dict]:
    finding = next(one for one in book["findings"] if "schools-stockton-counted-once" in one["id"])
    return finding, next(one for one in book["figures"] if one["id"] == finding["subject"])


def say(place: Path, schools: int) -> None:
    """The council corrects how many schools it has in its file of the fourth quarter."""
    path = place / "sent/Q4/stockton_dataset_2023-24_Q4.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(
        b"".join(b"SCH0;Schools;Q4 2023/24;%d;\r\n" % schools if one[:4] == b"SCH0" else one for one in lines)
    )


def assure(place: Path, *words: str):
    return run_assure(*words, "--store", str(place / "store"))


def test_a_decision_carries_from_a_quarter_into_the_year_and_opens_again_when_the_source_is_corrected(
    place: Path,
) -> None:
    finding, figure = about(run(place, "2023-24-Q3"))
    assert (finding["outcome"], finding["state"], figure["status"]) == ("failed", "open", "provisional")

    tried = assure(place, "decide", FINDING, *SETTLE, "--dry-run")
    assert tried.returncode == 0 and "Nothing was written" in tried.stdout
    assert not (place / "store/current/decisions").exists()
    settled = assure(place, "decide", FINDING, *SETTLE)
    assert settled.returncode == 0, settled.stderr
    assert "20 January 2024 by Stockton-on-Tees Borough Council" in settled.stdout
    waiting = assure(place, "explain", "stockton.schools_by_phase.2023-24-Q3")
    assert "takes effect when 2023-24-Q3 is run again" in " ".join(waiting.stdout.split())

    for period in ("2023-24-Q3", "2023-24-Q4", "2023-24"):
        finding, figure = about(run(place, period))
        assert (finding["outcome"], finding["state"]) == ("failed", "decided"), period
        assert (figure["status"], figure["note"]) == ("agreed", NOTE)
        assert "about October to December 2023" in finding["history"][0]["says"]

    say(place, 88)
    for period in ("2023-24-Q4", "2023-24"):
        finding, figure = about(run(place, period))
        assert (finding["state"], figure["status"], figure["note"]) == ("reopened", "provisional", ""), period
        assert "was 90 and is 88" in finding["history"][0]["why"]
    listed = assure(place, "findings", "2023-24", "--state", "reopened")
    assert listed.returncode == 1
    assert "Open again" in listed.stdout and "Stockton-on-Tees Borough Council" in listed.stdout

    say(place, 84)
    finding, figure = about(run(place, "2023-24-Q4"))
    assert (finding["outcome"], figure["status"]) == ("passed", "validated")
    assert about(run(place, "2023-24-Q3"))[0]["state"] == "decided", "the third quarter still says what it said"


def test_what_is_decided_is_kept_for_good(place: Path) -> None:
    store = open_store(place / "store")
    before = store.get("decisions/2023-24/0001.json")
    with pytest.raises(Conflict):
        store.put("decisions/2023-24/0001.json", b"{}", expected=ABSENT)
    again = assure(place, "decide", FINDING, "--withhold", "--role", "quality-assurance", "--reason", REASON)
    assert "Kept as decision 2" in again.stdout, again.stderr
    assert store.get("decisions/2023-24/0001.json") == before
    history = about(run(place, "2023-24-Q3"))[0]["history"]
    assert [(one["decision"], one["standing"]) for one in history] == [(1, "replaced"), (2, "stands")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("decide", FINDING.replace("counted", "conted"), *SETTLE), "Did you mean"),
        (("decide", FINDING, *SETTLE, "--withhold"), "settled in one way"),
        (("decide", FINDING, *SETTLE[2:]), "Nothing was decided"),
        (("decide", FINDING, "--accept", "b", *SETTLE[2:]), "not several answers"),
        (("decide", FINDING, "--withhold", "--role", "scrutineer", "--reason", REASON), "may not settle"),
        (("decide", "nonsense", *SETTLE), "not the name of a finding"),
        (("decide", FINDING.replace("-Q3", "-Q1"), *SETTLE), "No run of 2023-24-Q1"),
        (("findings", "2023-24", "--area", "stokton"), "Did you mean 'stockton'"),
        (("findings", "2023-24", "--owner", "nobody"), "no group of this partnership"),
        (("findings", "2022-23"), "No run of 2022-23"),
        (("diff", "2023-24-Q3", "2023-24-Q9"), "names no"),
        (("diff", "--run", "a", "b"), "no run called 'a'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(place: Path, words: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(command, [*words, "--store", str(place / "store")])
    assert isinstance(done.exception, Refused), done.output
    assert told in str(done.exception) and done.exception.to_do


def test_a_store_without_a_run_is_refused(tmp_path: Path) -> None:
    done = run_assure("findings", "--store", str(tmp_path / "empty"))
    assert done.returncode == 2
    assert "keeps no run" in done.stderr


# On the demonstration year


def test_a_finding_is_explained_with_its_values_side_by_side(demonstration: Ran) -> None:
    store = str(demonstration.folder / "store")
    done = run_assure("findings", "rereferrals-official:stockton.rereferral_rate.2023-24", "--store", store)
    assert done.returncode == 0, done.stderr
    for words in ("A  24%", "B  30.3%", "line 7", "Must be fixed", "--accept a|b"):
        assert words in done.stdout
    told = json.loads(run_assure("findings", "--severity", "must_fix", "--store", store, "--json").stdout)
    assert {one["severity"] for one in told} == {"must_fix"}


def test_what_moved_names_the_sentence_and_its_section(demonstration: Ran) -> None:
    store = str(demonstration.folder / "store")
    done = run_assure("diff", "2023-24-Q3", "2023-24-Q4", "--store", store, "--json")
    moved = {one["figure"]: one for one in json.loads(done.stdout)}
    cases = moved["hartlepool.marac_cases"]
    assert cases["sections"] == ["Hartlepool Safeguarding Snapshot"]
    assert cases["sentence_now"].startswith(f"{cases['now']} ")
    runs = sorted(path.name for path in (demonstration.current / "runs").iterdir())
    of_runs = run_assure("diff", "--run", *[one for one in runs if "-Q" in one][2:4], "--store", store, "--json")
    assert json.loads(of_runs.stdout) == json.loads(done.stdout)


def test_what_is_hidden_is_told_to_those_alone_who_ask_for_it(demonstration: Ran) -> None:
    store = str(demonstration.folder / "store")
    figure = "hartlepool.private_fostering_new.2023-24"
    assert run_assure("explain", figure, "--store", store).stdout.splitlines()[1].startswith("c new private fostering")
    whole = run_assure("explain", figure, "--store", store, "--hidden")
    assert whole.stdout.splitlines()[1].startswith("2 new private fostering")
