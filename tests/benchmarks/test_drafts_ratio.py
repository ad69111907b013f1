"""How long do 30 drafts take, with figures linked, comments and charts, beside plain docxtpl on the same templates?

Not part of `make test`: run it with `make bench`. Both sides run in turns and the best of each is taken, so that the
ratio is of the work and not of what else the machine did.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice

import pytest
from docxtpl import DocxTemplate

from tasks.assemble import draft_section, read_charts, read_figures
from tasks.assemble.render import section_values
from tasks.assemble.values import SectionContext
from templates.word import template
from tests.assemble.invented import context_of, given_for_the_year, make_partnership
from tests.assemble.test_charts import parts_of

TURNS, SECTIONS, MOST = 5, 30, 2.0


def sections() -> list[SectionContext]:
    """Thirty sections of all that have figures, two in three with charts; each has words of its own."""
    partnership, given = make_partnership(), given_for_the_year()
    contexts = [context_of(partnership, section, given) for section in partnership.sections if section.figures]
    return [replace(one, title=f"{one.title} {n}") for n, one in enumerate(islice(cycle(contexts), SECTIONS))]


def plainly(context: SectionContext) -> bytes:
    """What docxtpl by itself makes of the same section: text without links, comments and charts."""
    texts = {figure.ref: figure.text for figure in context.figures}
    document = DocxTemplate(io.BytesIO(template(context.template)))
    document.render(section_values(context, alone=True) | {"fig": lambda ref: texts[ref]}, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def seconds_of(make: Callable[[SectionContext], bytes], contexts: list[SectionContext]) -> float:
    start = time.process_time()
    for context in contexts:
        make(context)
    return time.process_time() - start


@pytest.mark.benchmark
def test_thirty_drafts_beside_plain_docxtpl() -> None:
    contexts = sections()
    drafts = [draft_section(context) for context in contexts]
    figures = sum(len(read_figures(one)) for one in drafts)
    points = sum(len(read_charts(parts_of(one))) for one in drafts)
    assert figures > 300
    assert points > 100
    plain, ours = [], []
    for _ in range(TURNS):
        plain.append(seconds_of(plainly, contexts))
        ours.append(seconds_of(draft_section, contexts))
    ratio = min(ours) / min(plain)
    print(f"\n{SECTIONS} sections with {figures} linked figures and {points} points of charts")
    print(f"plain docxtpl {min(plain):.2f} s; drafts {min(ours):.2f} s; ratio: {ratio:.2f} (aim: at most {MOST:g})")
    assert ratio <= MOST
