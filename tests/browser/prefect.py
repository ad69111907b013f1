"""Prefect's pages as a person uses them: signing in, starting a run from its form, waiting, reading what it says."""

from __future__ import annotations

import re
from typing import Any

WAITS = 300_000
"""Milliseconds that somebody waits for a run."""


def sign_in(context: Any, address: str, signs_in: str) -> None:
    """Open Prefect's address and give the line of the password's file, as people are told to."""
    page = context.new_page()
    page.goto(address)
    page.get_by_placeholder("admin:pass").fill(signs_in)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Deployments").wait_for()
    page.close()


def open_form(page: Any, deployment: str) -> None:
    """Go to a deployment and choose Run, Custom run."""
    page.get_by_role("link", name="Deployments").first.click()
    page.get_by_role("link", name=deployment, exact=True).click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Custom run").click()
    page.locator("textarea").first.wait_for()  # the form itself comes last


def choose(inside: Any, page: Any, now: str, wanted: str) -> None:
    """In the first drop-down that shows ``now``, choose another value."""
    inside.locator("button", has_text=now).first.click()
    page.locator("[cmdk-input]").fill(wanted)
    page.get_by_role("option", name=wanted, exact=True).click()
    page.locator("[cmdk-input]").wait_for(state="hidden")  # it closes in its own time, and two are open meanwhile


def write(inside: Any, title: str, words: str) -> None:
    """Fill in the field under a title."""
    field = inside.get_by_text(re.compile(f"^{re.escape(title)}")).locator("xpath=following::textarea[1]")
    field.fill(words)


def submit(page: Any) -> None:
    """Send a run's form, and go to the run as the message at the foot offers."""
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="View run").click()


def comes_to(page: Any, state: str) -> None:
    """Wait at a run's page until it is in a state; as people do, look afresh where the page stands still."""
    badge = page.get_by_text(state, exact=True).first
    badge.wait_for(timeout=WAITS)


def read(page: Any, key: str) -> None:
    """From a run's page to one of the texts under its tab Artifacts, by the name that is shown there."""
    page.get_by_role("tab", name="Artifacts").click()
    page.get_by_text(key, exact=True).first.click()
    page.get_by_role("link", name=re.compile(r"^[0-9a-f]{8}$")).first.click()
    page.get_by_role("tab", name="Raw").wait_for()


def message_of(page: Any) -> str:
    """What a run's page says under Details, where its last sentence stands."""
    page.get_by_role("tab", name="Details").click()
    page.get_by_text("State Message").wait_for()
    return str(page.inner_text("body"))


def choose_in_menu(page: Any, action: str) -> None:
    """At a run's page, in the menu with the three dots at the top right."""
    page.get_by_role("button", name="Open menu").first.click()
    page.get_by_role("menuitem", name=action).click()


def retry(page: Any) -> None:
    """At a run's page: begin it again."""
    choose_in_menu(page, "Retry")
    page.get_by_role("alertdialog").get_by_role("button", name="Retry").click()
