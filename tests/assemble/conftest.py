"""Fixtures over the invented partnership of ``tests.assemble.invented``."""

from __future__ import annotations

import pytest

from config.partnership import Partnership
from tasks.assemble.values import SectionContext
from tests.assemble.invented import Given, context_of, given_for_the_year, make_partnership


@pytest.fixture(scope="session")
def partnership() -> Partnership:
    return make_partnership()


@pytest.fixture(scope="session")
def given() -> Given:
    """The year as received: one return of the neglect group, an empty training file, two findings that disagree."""
    return given_for_the_year()


@pytest.fixture(scope="session")
def contexts(partnership: Partnership, given: Given) -> list[SectionContext]:
    return [context_of(partnership, section, given) for section in partnership.sections]
