"""No file of the repository holds a secret: keys, tokens and passwords are known by their looks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOOKS = {
    "a private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}"),
    "an access key of AWS": re.compile(rb"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
    "a token": re.compile(
        rb"\b(?:ghp_|gho_|ghs_|github_pat_|glpat-|xox[abps]-|pnu_|pnb_|pypi-|npm_)[A-Za-z0-9_-]{20,}"
    ),
    "a JSON web token": re.compile(rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "an address with a password": re.compile(
        rb"\b[a-z][a-z0-9+]{2,20}://[^\s/:@'\"{}$<>]+:(?!password@)[^\s/:@'\"{}$<>]{3,}@[a-z0-9]"
    ),
    "a setting with a secret": re.compile(
        rb"(?im)^\s*[\w-]*(?:password|secret_key|auth_string|api_key)\s*[:=]\s*['\"]?(?!\$|\{|/)[A-Za-z0-9+/]{16,}['\"]?\s*$"
    ),
}


def found_in(data: bytes) -> list[str]:
    return [name for name, look in LOOKS.items() if look.search(data)]


def test_no_file_of_the_repository_holds_a_secret() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("this is no working copy of git")
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    holding = {
        str(path.relative_to(ROOT)): found
        for path in files
        if path.is_file() and (found := found_in(path.read_bytes()))
    }
    assert holding == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("-----BEGIN PRIVATE KEY" + "-----\n" + "MIGHAgEAMBMGByqGSM49AgEG", "a private key"),
        ("key = AKI" + "AIOSFODNN7EXAMPLE", "an access key of AWS"),
        ("ghp" + "_0123456789abcdefghijABCDEFGHIJ", "a token"),
        ("eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0.c2lnbmF0dXJlLg", "a JSON web token"),
        ("postgresql+asyncpg://prefect:" + "hunter2@database/prefect", "an address with a password"),
        ("ASSURE_S3_SECRET_KEY=" + "wJalrXUtnFEMIK7MDENG", "a setting with a secret"),
    ],
)
def test_a_planted_secret_is_found(text: str, name: str) -> None:
    assert name in found_in(f"before\n{text}\nafter\n".encode())


@pytest.mark.parametrize(
    "text", ["secret_key=settings.secret_key", "password: ${PASSWORD}", "https://user@example.org/"]
)
def test_what_only_names_a_secret_is_left_alone(text: str) -> None:
    assert found_in(text.encode()) == []
