"""What a run answers to bad input, to being killed, and to being watched for what it must not say."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_assure
from tests.end_to_end.short_runs import hashes

SAMPLE = ROOT / "config/partnerships/hsscp/sample/2023-24"


def quarter(folder: Path, inbox: Path, name: str = "2023-24-Q2") -> subprocess.CompletedProcess[str]:
    return run_assure(
        "quarter",
        name,
        "--partnership",
        "hsscp",
        "--inbox",
        str(inbox),
        "--store",
        str(folder / "store"),
        "--json",
        ASSURE_HOME=str(folder / "home"),
    )


def kept(folder: Path, key: str) -> dict:
    return json.loads((folder / "store/current" / key).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def bad_quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter in which nearly everything is wrong with something."""
    folder = tmp_path_factory.mktemp("bad")
    inbox = folder / "inbox"
    shutil.copytree(SAMPLE / "Q2", inbox)
    files = {path.name: path for path in inbox.iterdir()}

    def one(part: str) -> Path:
        return next(path for name, path in sorted(files.items()) if part in name.lower())

    one("engagement").unlink()  # missing
    one("elearning").write_bytes(b"")  # empty
    one("communications-return" if any("communications-return" in n for n in files) else "communications").write_bytes(
        b"<html><body>Sign in to continue</body></html>"
    )  # a log-in page saved under the file's name
    wrong = one("stockton")  # the first quarter's file under this quarter's name
    wrong.write_bytes(next(p for p in (SAMPLE / "Q1").iterdir() if "stockton" in p.name.lower()).read_bytes())
    import openpyxl

    book = openpyxl.load_workbook(one("hartlepool"))
    book["Dataset"].title = "Sheet1"  # another layout
    book.save(one("hartlepool"))
    (inbox / "minutes of the meeting.docx").write_bytes(b"PK not really")  # expected by nobody
    done = quarter(folder, inbox)
    assert done.returncode == 1, done.stderr
    return folder


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("training-elearning", "empty"),
        ("dataset-stockton", "wrong_period"),
        ("dataset-hartlepool", "wrong_layout"),
        ("unexpected", "unexpected"),
    ],
)
def test_a_bad_file_is_told_with_what_to_do_and_is_kept_as_sent(bad_quarter: Path, source: str, state: str) -> None:
    files = kept(bad_quarter, "gathered/2023-24/Q2/gathered.json")["files"]
    about = [f for f in files if f["source"] == source or f"/{source}/" in f["key"]]
    assert [f["state"] for f in about] == [state]
    problem = about[0]["problems"][0]
    assert problem["what"] and problem["why"] and problem["to_do"] and problem["where"]
    stored = (bad_quarter / "store/current" / about[0]["key"]).read_bytes()
    assert hashlib.sha256(stored).hexdigest() == about[0]["sha256"]


def test_the_rest_of_the_run_goes_on_and_the_draft_says_what_is_missing(bad_quarter: Path) -> None:
    import docx

    drafts = {d["section"]: d for d in kept(bad_quarter, "drafts/2023-24/Q2/drafts.json")["drafts"]}
    assert drafts["priority-engagement"]["missing"] != []
    path = bad_quarter / "store/current" / drafts["stockton-snapshot"]["key"]
    text = "".join(
        t.text or ""
        for t in docx.Document(str(path)).element.iter(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
        )
    )
    assert "not received" in text.lower()
    figures = kept(bad_quarter, "register/2023-24/Q2/register.json")["figures"]
    assert any(f["status"] != "not_received" for f in figures)  # the training bookings came


def test_what_could_not_be_checked_is_not_evaluated_and_never_passed(bad_quarter: Path) -> None:
    verdicts = kept(bad_quarter, "quality/2023-24/Q2/results.json")["verdicts"]
    about = [v for v in verdicts if v["source"] in ("return-engagement", "training-elearning", "dataset-hartlepool")]
    assert about
    assert {v["outcome"] for v in about} <= {"not_evaluated", "failed"}


def test_a_wrong_configuration_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/partnerships/eastmere", tmp_path / "partnerships/eastmere")
    measures = tmp_path / "partnerships/eastmere/measures.yaml"
    measures.write_text(measures.read_text(encoding="utf-8").replace("unit:", "unitt:"), encoding="utf-8")
    before = hashes(tmp_path)
    done = run_assure(
        "quarter",
        "2023-24-Q1",
        "--partnership",
        "eastmere",
        "--inbox",
        str(SAMPLE / "Q1"),
        "--store",
        str(tmp_path / "store"),
        ASSURE_PARTNERSHIPS=str(tmp_path / "partnerships"),
        ASSURE_HOME=str(tmp_path / "home"),
    )
    assert done.returncode == 2
    assert "measures.yaml, line" in done.stderr and "What to do" in done.stderr
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("words", [["quarter", "2023-25-Q1"], ["quarter", "summer"], ["report", "lately"]])
def test_a_period_that_is_none_is_refused_in_words(tmp_path: Path, words: list[str]) -> None:
    done = run_assure(*words, "--partnership", "hsscp", "--store", str(tmp_path / "store"), ASSURE_HOME=str(tmp_path))
    assert done.returncode == 2
    assert "2023-24" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "store").exists()


@pytest.mark.slow
def test_an_inbox_that_is_not_there_fails_in_words(tmp_path: Path) -> None:
    done = quarter(tmp_path, tmp_path / "nowhere")
    assert done.returncode in (2, 3)
    assert "nowhere" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_run_killed_and_started_again_ends_in_the_same_bytes(tmp_path: Path) -> None:
    quiet = tmp_path / "undisturbed"
    assert (
        quarter(quiet, SAMPLE / "Q1", "2023-24-Q1").returncode == 1
    )  # done, with findings of words that need a person
    killed = tmp_path / "killed"
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "ASSURE_HOME": str(killed / "home")}
    command = [sys.executable, "-m", "flows", "quarter", "2023-24-Q1", "--partnership", "hsscp"]
    command += ["--inbox", str(SAMPLE / "Q1"), "--store", str(killed / "store")]
    moments = []
    for files in (1, 15, 45):  # in receiving, in checking, in drafting
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            if sum(path.is_file() for path in (killed / "store").rglob("*")) >= files:
                break
            time.sleep(0.01)
        moments.append(process.poll())
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not list((killed / "store/current/runs").glob("*/manifest.json")) or moments[-1] is not None
    assert None in moments  # at least one run was really cut off
    assert quarter(killed, SAMPLE / "Q1", "2023-24-Q1").returncode == 1
    assert hashes(killed / "store/current") == hashes(quiet / "store/current")


MARKS = {"narrative": "Zyxqvandermark", "value": "7654321", "learner": "L-998877665"}


def test_no_value_narrative_or_learner_reaches_logs_or_prefect(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLE / "Q1", inbox)
    marked = dict.fromkeys(MARKS, False)
    for path in sorted(inbox.iterdir()):
        if path.suffix == ".csv" and "bookings" in path.name:
            rows = path.read_bytes().split(b"\n")
            import re

            rows[1] = re.sub(rb"L-\d+", MARKS["learner"].encode(), rows[1])
            path.write_bytes(b"\n".join(rows))
            marked["learner"] = MARKS["learner"].encode() in path.read_bytes()
        if path.suffix == ".csv" and "stockton" in path.name:
            import re

            text = path.read_bytes().decode("cp1252")
            first = re.search(r"^[^\n]*referrals to children[^\n]*$", text, re.MULTILINE | re.IGNORECASE)
            assert first, "the dataset has no row of referrals"
            number = re.findall(r"[;,]\"?([\d,]{3,7})\"?[;,]", first[0])[-1]
            path.write_bytes(text.replace(first[0], first[0].replace(number, MARKS["value"])).encode("cp1252"))
            marked["value"] = MARKS["value"].encode() in path.read_bytes()
        if path.suffix == ".docx" and "engagement" in path.name:
            import docx

            document = docx.Document(str(path))
            texts = list(document.element.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"))
            longest = max(texts, key=lambda t: len(t.text or ""))
            longest.text = f"{longest.text} {MARKS['narrative']}"
            for text_node in document.element.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}sdt"):
                inner = list(text_node.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"))
                if inner:
                    inner[0].text = f"{inner[0].text} {MARKS['narrative']}"
            document.save(str(path))
            marked["narrative"] = True
    assert all(marked.values()), marked
    done = quarter(tmp_path, inbox, "2023-24-Q1")
    assert done.returncode == 1, done.stderr

    store = b"".join(path.read_bytes() for path in (tmp_path / "store/current/gathered").rglob("*") if path.is_file())
    for kind in ("narrative", "value"):  # the marks were really read
        assert MARKS[kind].encode() in store, kind
    said = done.stdout + done.stderr
    for path in sorted((tmp_path / "home").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            for kind, mark in MARKS.items():
                assert mark.encode() not in data, f"{kind} is in {path}"
    for kind, mark in MARKS.items():
        assert mark not in said, f"{kind} was printed"
    assert any(path.suffix == ".db" and path.stat().st_size > 100_000 for path in (tmp_path / "home").rglob("*"))


def stockton(folder: Path, old: str, new: str, name: str) -> None:
    """Write the second quarter's dataset again with one line changed, under another name."""
    text = (SAMPLE / "Q2/stockton_dataset_2023-24_Q2.csv").read_bytes().decode("cp1252")
    assert text.count(old) == 1, old
    (folder / name).write_bytes(text.replace(old, new).encode("cp1252"))


def line_of(code: str) -> str:
    text = (SAMPLE / "Q2/stockton_dataset_2023-24_Q2.csv").read_bytes().decode("cp1252")
    return next(line for line in text.splitlines() if line.startswith(f"{code};") and "Q2" in line)


def with_value(line: str, value: str) -> str:
    code, measure, period, _, source = line.split(";")
    return ";".join((code, measure, period, value, source))


@pytest.mark.slow
def test_a_figure_that_fails_a_check_is_queried_and_not_called_validated(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLE / "Q2", inbox)
    line = line_of("FD02")  # referrals, made negative
    stockton(inbox, line, with_value(line, "-66"), "stockton_dataset_2023-24_Q2.csv")
    assert quarter(tmp_path, inbox).returncode == 1
    figures = {f["id"]: f for f in kept(tmp_path, "register/2023-24/Q2/register.json")["figures"]}
    figure = figures["stockton.referrals.2023-24-Q2"]
    assert figure["status"] == "provisional"
    assert any("dataset-stockton" in finding for finding in figure["findings"])
    assert figures["stockton.cin_open.2023-24-Q2"]["status"] == "validated"
    draft = next(
        d for d in kept(tmp_path, "drafts/2023-24/Q2/drafts.json")["drafts"] if d["section"] == "stockton-snapshot"
    )
    assert draft["open_findings"] >= 1


@pytest.mark.slow
def test_of_two_files_the_newer_version_that_is_of_this_period_counts(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLE / "Q2", inbox)
    line = line_of("FD02")
    stockton(inbox, line, with_value(line, "977"), "stockton_dataset_2023-24_Q2 v2.csv")
    shutil.copy(SAMPLE / "Q1/stockton_dataset_2023-24_Q1.csv", inbox / "stockton_dataset_2023-24_Q2 v3.csv")
    assert quarter(tmp_path, inbox).returncode == 1
    files = {f["name"]: f for f in kept(tmp_path, "gathered/2023-24/Q2/gathered.json")["files"]}
    assert files["stockton_dataset_2023-24_Q2.csv"]["state"] == "superseded"
    assert files["stockton_dataset_2023-24_Q2 v2.csv"]["state"] == "read"
    assert files["stockton_dataset_2023-24_Q2 v3.csv"]["state"] == "wrong_period"
    figures = {f["id"]: f["display"] for f in kept(tmp_path, "register/2023-24/Q2/register.json")["figures"]}
    assert figures["stockton.referrals.2023-24-Q2"] == "977"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["quarter", "2023-24", "--inbox", str(SAMPLE / "Q2")], "is a year"),
        (["report", "2023-24-Q4", "--inbox", str(SAMPLE / "annual")], "is a quarter"),
        (["quarter", "2023-24-Q4", "--inbox", str(SAMPLE / "annual")], "none of its 16 files is expected"),
        (["quarter", "2023-24-Q4", "--inbox", "EMPTY"], "it is empty"),
        (["quarter", "2023-24-Q2", "--inbox", "nowhere"], "nowhere"),
    ],
    ids=["a year for a quarter", "a quarter for a year", "the year's inbox", "an empty inbox", "no inbox"],
)
def test_a_run_on_the_wrong_thing_is_refused_and_replaces_nothing(tmp_path: Path, words: list[str], says: str) -> None:
    (tmp_path / "empty").mkdir()
    words = [str(tmp_path / "empty") if word == "EMPTY" else word for word in words]
    done = run_assure(
        *words, "--partnership", "hsscp", "--store", str(tmp_path / "store"), ASSURE_HOME=str(tmp_path / "home")
    )
    assert done.returncode == 2, done.stderr
    assert says in done.stderr and "What to do" in done.stderr and "Traceback" not in done.stderr
    assert not list((tmp_path / "store").rglob("*.docx"))


@pytest.mark.slow
def test_a_store_is_one_partnerships(tmp_path: Path) -> None:
    from tasks.store import open_store, put_json

    put_json(open_store(tmp_path / "store"), "partnership.json", {"id": "northvale"})
    done = quarter(tmp_path, SAMPLE / "Q2")
    assert done.returncode == 2
    assert "belongs to the partnership 'northvale'" in done.stderr


def test_a_suite_that_there_is_not_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/partnerships/eastmere", tmp_path / "partnerships/eastmere")
    sources = tmp_path / "partnerships/eastmere/sources.yaml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("suite: return-workbook", "suite: return-workbok"), encoding="utf-8")
    done = run_assure(
        *("quarter", "2023-24-Q1", "--partnership", "eastmere", "--inbox", str(SAMPLE / "Q1")),
        *("--store", str(tmp_path / "store")),
        ASSURE_PARTNERSHIPS=str(tmp_path / "partnerships"),
        ASSURE_HOME=str(tmp_path / "home"),
    )
    assert done.returncode == 2
    assert "Did you mean 'return-workbook'?" in done.stderr
    assert not (tmp_path / "store").exists()


def test_explaining_a_figure_of_a_run_that_did_not_end_says_so(tmp_path: Path) -> None:
    from tasks.explain import explain_from_store
    from tasks.order import Order
    from tasks.run import Stages
    from tasks.store import open_store

    stages = Stages(Order("hsscp", "2023-24-Q1", str(SAMPLE / "Q1"), str(tmp_path / "store")))
    gathered = stages.gather()
    stages.reconcile(gathered, stages.validate(gathered))
    told = explain_from_store(open_store(tmp_path / "store"), "stockton.referrals.2023-24-q1 ")
    assert "did not end" in told.as_dict["missing"][0]


def everything(path: Path) -> bytes:
    """A file's bytes; of an Office document its parts."""
    data = path.read_bytes()
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_return_with_an_nhs_number_is_kept_apart_and_the_number_goes_nowhere(tmp_path: Path) -> None:
    import docx
    import openpyxl

    number = "9434765919"  # of the range that is kept for examples
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLE / "Q2", inbox)
    planted = next(path for path in inbox.iterdir() if path.name.startswith("hartlepool"))
    book = openpyxl.load_workbook(planted)
    book.create_sheet("Working")["D9"] = f"ask about {number}"
    book["Working"].sheet_state = "hidden"
    book.save(planted)
    done = quarter(tmp_path, inbox)
    assert done.returncode == 1, done.stderr

    files = kept(tmp_path, "gathered/2023-24/Q2/gathered.json")["files"]
    (apart,) = [file for file in files if file["state"] == "personal_data"]
    assert apart["key"] == f"restricted/2023-24/Q2/dataset-hartlepool/{apart['sha256']}.xlsx"
    assert apart["problems"][0]["where"] == f"{planted.name}, sheet Working, D9"
    assert {file["state"] for file in files if file != apart} == {"read", "day_list"}
    gathered = kept(tmp_path, "gathered/2023-24/Q2/gathered.json")
    assert {"dataset-hartlepool"} & {one["source"] for one in gathered["observations"] + gathered["narrative"]} == set()
    verdicts = kept(tmp_path, "quality/2023-24/Q2/results.json")["verdicts"]
    about = [one for one in verdicts if one["source"] == "dataset-hartlepool"]
    assert {one["outcome"] for one in about} == {"not_evaluated"}
    assert all("personal data" in one["reason"] for one in about)
    drafts = {one["section"]: one for one in kept(tmp_path, "drafts/2023-24/Q2/drafts.json")["drafts"]}
    draft = tmp_path / "store/current" / drafts["hartlepool-snapshot"]["key"]
    assert "held personal data" in "\n".join(one.text for one in docx.Document(str(draft)).paragraphs)

    holding = [
        path for path in (tmp_path / "store").rglob("*") if path.is_file() and number.encode() in everything(path)
    ]
    assert holding and all("restricted" in path.parts for path in holding), holding
    assert number not in done.stdout + done.stderr
    home = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [path for path in home if number.encode() in path.read_bytes()] == []
