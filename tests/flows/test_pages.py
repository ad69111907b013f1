"""The pages' server: what it hands out and to whom, what it refuses, and what becomes of an upload."""

import base64
import copy
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from config.errors import Refused
from config.settings import Settings
from flows import telling
from flows.pages import application, main, pages_url
from flows.pages_brake import FORGETS_AFTER, FREE, MOST_ADDRESSES, Brake
from flows.pages_form import LARGEST, taken_apart
from flows.pages_guard import password_of
from tasks.front_page import put_pages
from tasks.gather import apart
from tasks.gather.forking import Limits
from tasks.store import FolderStore
from tests.flows.served import served
from tests.front_page import small
from tests.review import drafts_edited as edits

ADDRESS = "http://127.0.0.1:4201"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GIVEN = {"role": "training", "name": "Sam Editor"}


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ASSURE_PAGES", "ASSURE_PASSWORD_FILE", "ASSURE_TRUSTED_PROXY", "PREFECT_SERVER_API_AUTH_STRING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASSURE_PARTNERSHIPS", str(small.PARTNERSHIPS))


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path / "store")
    small.fill(store)
    return store


def client_of(store: FolderStore) -> TestClient:
    return TestClient(application(store, Settings.from_environment()), base_url=ADDRESS, raise_server_exceptions=False)


@pytest.fixture
def client(store: FolderStore) -> Iterator[TestClient]:
    with client_of(store) as one:
        yield one


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', client.get("/upload").text)
    assert found
    return found[1]


def upload(client: TestClient, data: bytes, file: str = "edited.docx", headers: Any = None, **fields: str) -> Any:
    told = {"token": token(client), **GIVEN, **fields}
    return client.post("/upload", data=told, files={"file": (file, data, WORD)}, headers=headers)


# Handing out


def test_a_draft_is_handed_out_as_it_lies_there_under_a_name_of_its_own(client: TestClient, store: FolderStore) -> None:
    answer = client.get(f"/store/{small.DRAFT}")
    assert answer.content == store.get(small.DRAFT)
    assert answer.headers["content-type"] == WORD
    assert f'filename="{edits.SNAPSHOT}-2023-24-annual.docx"' in answer.headers["content-disposition"]
    form = client.get("/store/forms/2024-25/Q1/training.docx")
    assert 'filename="Training Q1.docx"' in form.headers["content-disposition"]


def test_the_front_page_leads_to_prefect_where_its_address_is_known(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_UI_URL", raising=False)
    with client_of(store) as client:
        assert "Prefect" not in client.get("/").text
    monkeypatch.setenv("PREFECT_UI_URL", "https://runs.example/")
    with client_of(store) as client:
        assert '<a href="https://runs.example">Start runs, settle findings' in client.get("/").text
    put_pages(store, small.partnership())
    assert b"Prefect" not in store.get("index.html"), "the page in the store goes where that server is not"


def test_the_newest_version_is_handed_out(client: TestClient, store: FolderStore) -> None:
    store.put(small.DRAFT, b"newer")
    assert client.get(f"/store/{small.DRAFT}").content == b"newer"


def test_every_link_of_the_front_page_leads_somewhere(client: TestClient) -> None:
    page = client.get("/")
    links = [link for link in re.findall(r'href="([^"]+)"', page.text) if not link.startswith("#")]
    assert len(links) > 8
    assert {link: client.get(f"/{link}").status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/store/restricted/register/a.json",
        "/store/received/2023-24/Q3/training/a.json",
        "/store/decisions/2023-24/a.json",
        "/store/partnership.json",
        "/store/drafts/../restricted/register/a.json",
        "/store/drafts/%2e%2e/restricted/register/a.json",
        "/store/drafts/..%2frestricted/register/a.json",
        "/store//restricted/register/a.json",
        "/store/drafts%00/a.json",
        "/store/" + "a/" * 400 + "a.json",
        "/store/drafts/2023-24/annual/none.docx",
        "/store/",
        "/history/partnership.json/000001.json",
    ],
)
def test_what_is_closed_is_not_told_apart_from_what_is_not_there(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.text == client.get("/store/drafts/nothing.docx").text
    assert small.CLOSED not in answer.text


def test_no_answer_lets_a_page_run_or_fetch_anything(client: TestClient) -> None:
    for path in ("/", "/upload", "/nothing", "/store/quality/2023-24/Q3/index.html", f"/store/{small.DRAFT}"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
        assert "unsafe" not in policy and "script-src" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"


def test_a_new_store_is_answered_with_words(tmp_path: Path) -> None:
    with client_of(FolderStore(tmp_path / "new")) as client:
        assert "Nothing has been run yet" in client.get("/").text
        assert "Nothing to upload yet" in client.get("/upload").text


def test_a_damaged_store_is_answered_with_words_and_without_paths(store: FolderStore) -> None:
    for body in (store.root / "history" / small.DRAFT).glob("*.docx"):
        body.write_bytes(b"changed behind its back")
    with client_of(store) as client:
        answer = client.get(f"/store/{small.DRAFT}")
    assert answer.status_code == 503
    assert "not what was put there" in answer.text and str(store.root) not in answer.text


def test_what_was_not_foreseen_tells_nothing(store: FolderStore, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def broken(*_: object) -> None:
        raise ValueError("the cell says 4711")

    monkeypatch.setattr(FolderStore, "describe", broken)
    with client_of(store) as client:
        answer = client.get(f"/store/{small.DRAFT}")
    assert (answer.status_code, answer.headers["x-frame-options"]) == (500, "DENY")
    assert "Not foreseen: ValueError" in caplog.text and "4711" not in caplog.text + answer.text


# Who may ask


def test_without_the_password_nothing_is_handed_out(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "team:a pass wörd")
    with client_of(store) as client:
        for path in ("/", "/upload", f"/store/{small.DRAFT}", "/nothing"):
            assert client.get(path).status_code == 401
        for said in ("team:wrong", "team:a pass wörd ", "", "team", "TEAM:a pass wörd"):
            basic = base64.b64encode(said.encode()).decode()
            assert client.get("/", headers={"Authorization": f"Basic {basic}"}).status_code == 401
        assert client.get("/", headers={"Authorization": "Basic not base64"}).status_code == 401
        assert client.get("/", headers={"Authorization": "Bearer team:a pass"}).status_code == 401
        basic = base64.b64encode("team:a pass wörd".encode()).decode()
        assert client.get("/", headers={"Authorization": f"Basic {basic}"}).status_code == 200


def ask(address: str, password: str, **headers: str) -> tuple[int, str]:
    """Ask a real server with a password; its answer, and for how long it says to wait."""
    basic = base64.b64encode(password.encode()).decode()
    request = urllib.request.Request(address, headers={"Authorization": f"Basic {basic}", **headers})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Retry-After", "")


def test_whoever_guesses_waits_longer_each_time_and_cannot_pretend_to_be_another(store: FolderStore) -> None:
    settings = {"PREFECT_SERVER_API_AUTH_STRING": "team:right", "ASSURE_PARTNERSHIPS": str(small.PARTNERSHIPS)}
    with served(str(store.root), **settings) as address:
        for number in range(FREE + 1):
            assert ask(address, f"team:guess {number}", **{"X-Forwarded-For": f"10.0.0.{number}"}) == (401, "")
        assert ask(address, "team:right", **{"X-Forwarded-For": "10.1.1.1"}) == (429, "1"), "guessing goes on"
        time.sleep(1.1)
        assert ask(address, "team:another")[0] == 401
        assert ask(address, "team:another") == (429, "2")
        time.sleep(2.1)
        assert ask(address, "team:right")[0] == 200
        assert [ask(address, "team:mistyped")[0] for _ in range(FREE)] == [401] * FREE, "it was not forgotten"
        assert ask(address, "team:right")[0] == 200


def test_behind_a_proxy_each_reader_has_a_count_of_their_own_and_the_log_has_no_password(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setenv("ASSURE_TRUSTED_PROXY", "1")
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "team:right")

    def get(password: str, forwarded: str) -> int:
        basic = base64.b64encode(password.encode()).decode()
        told = {"Authorization": f"Basic {basic}", "X-Forwarded-For": forwarded}
        return int(client.get("/", headers=told).status_code)

    with client_of(store) as client:
        # What stands before the proxy's own word was sent by whoever asked.
        guesses = [get("team:tellmenot", f"192.0.2.{number}, 198.51.100.7") for number in range(FREE + 3)]
        assert guesses == [401] * (FREE + 1) + [429] * 2
        assert get("team:right", "198.51.100.7") == 429
        assert get("team:right", "198.51.100.8") == 200
    assert f"A wrong password was given from 198.51.100.7, number {FREE + 1} in a row" in caplog.text
    assert "tellmenot" not in caplog.text


def test_waits_double_end_at_five_minutes_and_are_forgotten_and_memory_stays_small() -> None:
    now = [0.0]
    brake = Brake(lambda: now[0])
    waits = []
    for _ in range(FREE + 12):
        brake.wrong("a")
        waits.append(brake.waits("a"))
        now[0] += waits[-1]
    assert waits == [0] * FREE + [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    now[0] += FORGETS_AFTER + 1
    assert brake.wrong("a") == 1
    for number in range(MOST_ADDRESSES):
        brake.wrong(f"other {number}")
    assert brake.wrong("other 5") == 2 and brake.wrong("a") == 1, "the oldest did not make room"


def test_the_file_of_the_password_comes_first_and_must_hold_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "other:one")
    file = tmp_path / "password"
    monkeypatch.setenv("ASSURE_PASSWORD_FILE", str(file))
    with pytest.raises(Refused, match="cannot be read"):
        password_of(Settings.from_environment())
    file.write_text("nothing", encoding="utf-8")
    with pytest.raises(Refused, match="holds none"):
        password_of(Settings.from_environment())
    file.write_text("team:secret\n", encoding="utf-8")
    assert password_of(Settings.from_environment()) == "team:secret"


def test_another_name_in_the_address_is_refused(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSURE_PAGES", "https://reports.example/")
    with client_of(store) as client:
        assert client.get("/", headers={"Host": "rebound.example"}).status_code == 400
        assert client.get("/", headers={"Host": "reports.example"}).status_code == 200


def test_other_machines_are_served_with_a_password_and_a_name_only(tmp_path: Path, monkeypatch, capsys) -> None:
    asked = ["--host", "0.0.0.0", "--store", str(tmp_path)]
    assert main(asked) == 2
    assert "without a password" in capsys.readouterr().err
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "team:secret")
    assert main(asked) == 2
    assert "by which name" in capsys.readouterr().err


# Uploading


def retyped(root: Any) -> None:
    text = next(edits.controls(root, edits.PLANS)[0].iter(f"{edits.W}t"))
    text.text = "999"


def test_an_upload_is_kept_checked_and_the_newest(client: TestClient, store: FolderStore) -> None:
    data = edits.edited(retyped)
    answer = upload(client, data)
    assert (answer.status_code, answer.history[0].status_code) == (200, 303)
    assert "1 thing in it needs you" in answer.text and "was changed to “999”" in answer.text
    assert store.get(small.DRAFT) == data
    assert len(store.versions(small.DRAFT)) == 2
    kept = [one for one in store.list("uploads/") if one.key.endswith(".docx")]
    assert [one.key for one in kept] == [f"uploads/2023-24/annual/{edits.SNAPSHOT}/{kept[0].sha256}.docx"]
    assert "Edited (Training group)" in client.get("/").text


def test_who_uploaded_stands_with_the_file_and_on_no_page(client: TestClient, store: FolderStore) -> None:
    answer = upload(client, edits.draft(), "C:\\Users\\sam\\Überblick.docx", headers={"X-Forwarded-User": "eve"})
    record = next(one.key for one in store.list("uploads/") if one.key.endswith(".json"))
    assert json.loads(store.get(record)) == {
        "file": "Überblick.docx",
        "name": "Sam Editor",
        "role": "training",
        "user": "",
    }
    assert "Sam Editor" not in answer.text + client.get("/").text


def test_a_proxy_is_believed_where_a_setting_says_so(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSURE_TRUSTED_PROXY", "1")
    with client_of(store) as client:
        upload(client, edits.draft(), headers={"X-Forwarded-User": "sam@eastmere.example"})
    record = next(one.key for one in store.list("uploads/") if one.key.endswith(".json"))
    assert json.loads(store.get(record))["user"] == "sam@eastmere.example"


def test_the_same_upload_again_changes_nothing(client: TestClient, store: FolderStore) -> None:
    data = edits.edited(retyped)
    first = upload(client, data)
    before = {one.key: one.version for one in store.list()}
    assert upload(client, data).text == first.text
    assert {one.key: one.version for one in store.list()} == before


def test_a_draft_as_it_was_made_needs_nobody(client: TestClient) -> None:
    assert "figures are as they should be" in upload(client, edits.draft()).text


@pytest.mark.parametrize("data", [b"not a document", b"PK\x03\x04 nor this", b"<!DOCTYPE x>"])
def test_what_cannot_be_opened_is_kept_and_left_alone(client: TestClient, store: FolderStore, data: bytes) -> None:
    before = store.get(small.DRAFT)
    answer = upload(client, data)
    assert answer.status_code == 200 and "was not opened" in answer.text
    assert [store.get(one.key) for one in store.list("uploads/other/") if one.key.endswith(".docx")] == [data]
    assert store.get(small.DRAFT) == before


def test_what_brings_its_reader_down_is_kept_and_the_server_goes_on(
    client: TestClient, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "LIMITS", Limits(memory=2**20, processor_seconds=1, seconds=1))
    large = edits.edited(lambda root: [root[0].insert(0, copy.deepcopy(root[0][-2])) for _ in range(30_000)])
    apart.stop()
    answer = upload(client, large)
    assert answer.status_code == 200 and "The document was not read to its end" in answer.text
    assert [store.get(one.key) for one in store.list("uploads/other/") if one.key.endswith(".docx")] == [large]
    assert len(store.versions(small.DRAFT)) == 1
    monkeypatch.setattr(apart, "LIMITS", Limits())
    assert "figures are as they should be" in upload(client, edits.draft()).text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"role": ""}, "for which group"),
        ({"role": "nobody"}, "for which group"),
        ({"name": "  "}, "name was left out"),
        ({"file": "draft.docm"}, "not a Word document"),
        ({"data": b""}, "No file"),
    ],
)
def test_a_form_that_is_not_filled_in_keeps_nothing(client, store, change: dict[str, Any], says: str) -> None:
    answer = upload(client, **{"data": edits.draft(), **change})
    assert answer.status_code == 400 and says in answer.text
    assert list(store.list("uploads/")) == []


def test_a_file_that_is_too_large_is_refused_with_words(client: TestClient, store: FolderStore) -> None:
    answer = upload(client, bytes(LARGEST + 100_000))
    assert answer.status_code == 400 and "larger than 25 MB" in answer.text
    assert list(store.list("uploads/")) == []


def test_a_form_from_elsewhere_keeps_nothing(client: TestClient, store: FolderStore) -> None:
    files = {"file": ("edited.docx", edits.draft(), WORD)}
    assert client.post("/upload", data={**GIVEN, "token": "0" * 64}, files=files).status_code == 403
    good = {**GIVEN, "token": token(client)}
    assert client.post("/upload", data=good, files=files, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/upload", data=good, files=files, headers={"Origin": "null"}).status_code == 403
    client.cookies.clear()
    assert client.post("/upload", data=good, files=files).status_code == 403
    assert client.post("/upload", content=b"token=1", headers={"Content-Type": "text/plain"}).status_code == 400
    assert list(store.list("uploads/")) == []


@given(data=st.binary(max_size=300), name=st.text('abc .-é"', max_size=20), value=st.text(max_size=40))
def test_what_a_browser_puts_into_a_form_comes_out_again(data: bytes, name: str, value: str) -> None:
    quoted = name.replace('"', "%22")
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + value.encode()
        + f'\r\n--edge\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'.encode()
        + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n--edge--\r\n"
    )  # fmt: skip
    form = taken_apart(body, b"edge")
    assert form and (form.fields["name"], form.name) == (value, quoted)
    assert form.data == data


@given(body=st.binary(max_size=200))
def test_any_other_body_is_no_form(body: bytes) -> None:
    assert taken_apart(body, b"edge") is None


# Its surroundings


def test_it_knows_nothing_of_prefect() -> None:
    code = "import sys, flows.pages, uvicorn; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=small.PARTNERSHIPS.parents[1], check=False).returncode == 0


def test_links_of_a_run_lead_to_the_pages_where_they_are_served(monkeypatch) -> None:
    assert telling.link("The draft", small.DRAFT) == f"The draft (`{small.DRAFT}` in the store)"
    monkeypatch.setenv("ASSURE_PAGES", "https://reports.example/")
    assert telling.link("The draft", small.DRAFT) == f"[The draft](https://reports.example/store/{small.DRAFT})"
    assert pages_url(4201) == "https://reports.example"
