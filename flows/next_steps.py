"""What to do next, after a run: one short list for a person, the same page in Prefect after every run.

Belongs here: plain words, counts and who is asked. Does not belong here: any figure's value (see ``flows.telling``)
and what a run found in full.
"""

from __future__ import annotations

from config.errors import AssuranceError
from config.settings import Settings
from flows.telling import Told, link
from tasks.messages import Message, of_a_run
from tasks.order import Order
from tasks.run import Stages
from tasks.words import listed, many

KEY = "what-to-do-next"
"""Of the artifact: one page that can be bookmarked, with what every run said."""


def of(order: Order, told: Told) -> str:
    """The list after a run that went through to its end."""
    page = link("quality page", f"quality/{order.folder}/index.html")
    steps = []
    if missing := told.came.needs:
        steps.append(
            f"**Chase {many(len(missing), 'return')}:** {listed(missing)}. Put what comes into the inbox and "
            "start this run again: nothing is done twice, and nobody's words are overwritten."
        )
    if failed := len(told.quality.needs):
        steps.append(
            f"**Look at {many(failed, 'failed check')}.** The {page} says where each thing "
            "is, and what its sender can do."
        )
    if to_look_at := len(told.disagrees.needs):
        steps.append(
            f"**Settle {many(to_look_at, 'finding')}.** The {page} has the values side by side "
            "and says who can answer. Settle each with “Settle a finding” under Deployments; then start this run again."
        )
    pages = Settings.from_environment().pages
    drafts = f"[drafts]({pages}/#drafts-{order.period.lower()})" if pages else "drafts"
    steps.append(
        f"**Review the {drafts}.** Figures are in boxes and keep themselves up to date; all else is yours to edit."
    )
    if pages:
        steps.append(
            f"**Find everything else** from the [front page]({pages}/): it leads to drafts, checks and decisions."
        )
    return f"# What to do next: {order.period}\n\n{told.headline}\n\n" + "\n".join(f"1. {step}" for step in steps)


def messages(order: Order, told: Told) -> list[Message]:
    """Whom to tell after a run that went through to its end, and what."""
    stages, pages = Stages(order), Settings.from_environment().pages
    return of_a_run(
        stages.partnership,
        stages.period,
        findings=len(told.disagrees.needs),
        missing=len(told.came.needs),
        drafts=len(told.drafts.needs),
        link=f"{pages}/store/quality/{order.folder}/index.html" if pages else "",
    )


def in_short(error: AssuranceError) -> str:
    """The same as one paragraph: what happened, where, and what to do. A run's state and notifications have no more."""
    where = f"Where: {error.where.rstrip('.')}." if error.where else ""
    return " ".join(part for part in (error.what, where, error.to_do) if part)


def after(error: AssuranceError) -> str:
    """The same where a run could not be done."""
    lines = [f"# What to do next\n\nThis run was not done. **{error.what}**"]
    for heading, text in (("Where", error.where), ("Why it matters", error.why), ("What to do", error.to_do)):
        if text:
            lines.append(f"**{heading}:** {text}")
    return "\n\n".join(lines)
