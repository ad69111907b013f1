"""The drafts that review is tried on: those of the invented partnership, made once."""

from __future__ import annotations

from functools import lru_cache

from tasks.assemble import combine, draft_section
from tests.assemble.invented import RUN, YEAR, context_of, given_for_the_year, make_partnership
from tests.quality.invented import PAGES


@lru_cache
def drafts() -> dict[str, bytes]:
    """Every section's draft by its id, and the whole ``report``."""
    partnership, given = make_partnership(), given_for_the_year()
    contexts = [context_of(partnership, section, given) for section in partnership.sections]
    made = {context.section_id: draft_section(context) for context in contexts}
    return made | {"report": combine(partnership, YEAR, contexts, RUN, quality=PAGES["year"]())}
