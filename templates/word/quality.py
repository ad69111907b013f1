"""What the data quality annex is made of, as a document of its own or as the last annex of the report.

Belongs here: the order of its blocks. Does not belong here: what is told (``tasks.quality``), which fills ``quality``.
"""

from __future__ import annotations

from templates.word.markup import Column, each, paragraph, run, table, when

TITLE = "Data quality and reconciliation"
NEED_SOMEBODY = "Returns, files and checks that need somebody"
_ELSEWHERE = (
    "Where each of these stands, with the values beside each other, is in the document 'Data quality' of the year and "
    "on its page."
)


def quality(level: int, *, whole: bool) -> str:
    """The blocks, with the title at a level of headings and the parts one lower.

    ``whole`` also tells who should do what, names what is for information, and each check that passed. An annex of the
    report is for its readers: there these are counted, and stand in the document.
    """
    part = f"Heading{level + 1}"
    return (
        paragraph(f"Heading{level}", TITLE)
        + paragraph("Subtitle", "{{ quality.period_title }}: {{ quality.period_words }}")
        + when("quality.to_do", paragraph("Callout", run("{{ quality.headline }}", "Strong")))
        + when("not quality.to_do", paragraph("CalloutSettled", run("{{ quality.headline }}", "Strong")))
        + _matters(part)
        + (_who(part) if whole else "")
        + _came(part)
        + _things(part, NEED_SOMEBODY, "'return', 'file', 'check'", "None does.", whole)
        + _things(part, "Differences between sources", "'comparison'", "All that could be compared agrees.", whole)
        + _trend(part)
        + _unmade(part)
        + _passed(part, whole)
        + paragraph(part, "How to read this annex")
        + paragraph(
            "BodyText",
            "A check looks at one source by itself; a comparison looks at what several say of the same thing. What "
            "could not be checked is never counted as passed. Places of rows are told here, and not what stands in "
            "them: look them up in the file that was sent.",
        )
    )


def _matters(part: str) -> str:
    return (
        paragraph(part, "What matters most")
        + when("not quality.top", paragraph("BodyText", "Nothing was found that somebody must put right."))
        + each(
            "one in quality.top",
            paragraph(
                "CalloutBullet",
                run("{{ one.severity_words }}: ", "QueryFlag"),
                run("{{ one.says }}", "Strong"),
                run(" {{ one.to_do }} ({{ one.owner }})"),
            ),
        )
    )


def _who(part: str) -> str:
    columns: list[Column] = [
        (2600, "Who", [_text("{{ owner.name }}")]),
        (
            7038,
            "What to do",
            [
                each(
                    "task in owner.tasks",
                    _text("{{ task.to_do }}", "Strong"),
                    each("one in task.things", _text("{{ one.severity_words }}: {{ one.number }}. {{ one.says }}")),
                )
            ],
        ),
    ]
    return (
        paragraph(part, "Who should do what")
        + when("not quality.owners", paragraph("BodyText", "Nobody needs to do anything."))
        + when(
            "quality.owners",
            table(
                "Who should do what",
                "One row for each body, with what it should do in the second column.",
                "owner in quality.owners",
                columns,
            ),
        )
    )


def _came(part: str) -> str:
    columns: list[Column] = [
        (5200, "What, and from whom", [_text("{{ one.title }}", "Strong"), _text("{{ one.sender }}")]),
        (4438, "What came", [each("line in one.lines", _text("{{ line }}"))]),
    ]
    return (
        paragraph(part, "What came, and what is missing")
        + paragraph("LeadIn", "Expected: {{ quality.returns|length }}. Came and were read: {{ quality.came }}.")
        + when(
            "quality.senders",
            table(
                "What came, and what is missing",
                "One row for each source, with what came of it for each period in the second column.",
                "one in quality.senders",
                columns,
            ),
        )
    )


def _things(part: str, heading: str, kinds: str, none: str, whole: bool) -> str:
    """Each thing with what it means and what to do; where it stands and the values beside it, only in the document."""
    groups, noted = f"quality.serious({kinds})", f"quality.noted({kinds})"
    below, thing = (f"Heading{int(part[-1]) + lower}" for lower in (1, 2))
    to_do = paragraph(
        "FindingTextLast",
        run("{{ one.why }} "),
        run("{% if one.settled %}Decided: nothing is left to do.{% else %}{{ one.to_do }}{% endif %}", "Strong"),
        run("{% if not one.settled %} Who: {{ one.owner }}.{% endif %}"),
    )
    return (
        paragraph(part, heading)
        + when(f"not {groups}", paragraph("BodyText", none))
        + ("" if whole else when(groups, paragraph("BodyText", _ELSEWHERE)))
        + each(
            f"group in {groups}",
            paragraph(below, "{{ group.heading }} ({{ group.entries|length }})"),
            each(
                "one in group.entries",
                paragraph(thing, "{{ one.number }}. {{ one.says }}"),
                _evidence() if whole else "",
                to_do,
            ),
        )
        + when(noted, _noted(below, heading, noted) if whole else paragraph("BodyText", _counted_only(noted)))
    )


def _evidence() -> str:
    """Where a thing stands, the values beside each other, and what was decided on it."""
    value = (
        "{{ 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[loop.index0] }}: {{ value.label }}: {{ value.value }}"
        "{% if value.place %} ({{ value.place }}){% endif %}"
    )
    return (
        _finding("{{ one.about }}{% if one.kind in ('check', 'file') and one.when %}, {{ one.when }}{% endif %}")
        + when("one.rows", _finding("Wrong: {{ one.rows }}.{% if one.since %} {{ one.since }}{% endif %}"))
        + when("one.since and not one.rows", _finding("{{ one.since }}"))
        + each("place in one.places", _finding("Where: {{ place }}"))
        + when(
            "one.comparison",
            when("one.comparison.effect", _finding("{{ one.comparison.effect }}")),
            when("one.comparison.arithmetic", _finding("{{ one.comparison.arithmetic }}")),
            each("value in one.comparison.values", _finding(value)),
            each("decision in one.comparison.decisions", _finding("{{ decision }}")),
            when("not one.settled", _finding("To settle it: {{ one.comparison.id }}")),
        )
    )


def _finding(text: str) -> str:
    return paragraph("FindingText", text)


def _counted_only(noted: str) -> str:
    return (
        f"About {{{{ {noted}|length }}}} other things something is told for information, in the document "
        "'Data quality' of the year and on its page."
    )


def _noted(level: str, heading: str, noted: str) -> str:
    columns: list[Column] = [
        (3600, "About", [_text("{{ one.about }}")]),
        (6038, "What was found", [each("line in one.says", _text("{{ line }}"))]),
    ]
    summary = "One row for each thing that was looked at, with what was found about it in the second column."
    return paragraph(level, "For information") + table(
        f"{heading}: for information", summary, f"one in {noted}", columns
    )


def _trend(part: str) -> str:
    overall: list[Column] = [
        # Kept with what follows, so that so small a table stands on one page.
        (2438, "Quarter", [paragraph("TableTextLast", "{{ one.when }}")]),
        (2400, "Passed", [paragraph("TableNumber", "{{ one.passed }}")]),
        (2400, "Found something", [paragraph("TableNumber", "{{ one.failed }}")]),
        (2400, "Not made", [paragraph("TableNumber", "{{ one.not_evaluated }}")]),
    ]
    changed: list[Column] = [
        (3600, "Source", [_text("{{ row.title }}")]),
        (
            6038,
            "Since the quarter before",
            [each("change in row.changes", _text("{{ change.words }}: {{ change.in_short }}"))],
        ),
    ]
    return (
        paragraph(part, "Over the quarters")
        + when("not quality.overall", paragraph("BodyText", "No quarter has been run yet."))
        + when(
            "quality.overall",
            table(
                "Checks of all quarterly sources, quarter by quarter",
                "One row for each quarter, with how many checks passed, found something, and could not be made.",
                "one in quality.overall",
                overall,
            ),
        )
        + when(
            "quality.changed",
            paragraph("LeadIn", "What changed since the quarter before:"),
            table(
                "What changed since the quarter before",
                "One row for each source in which a check came out otherwise than before, or found something again.",
                "row in quality.changed",
                changed,
            ),
        )
        + when(
            "quality.trends and not quality.changed",
            paragraph("BodyText", "Since the quarter before: {{ quality.trends[0].no_change|lower }}."),
        )
    )


def _unmade(part: str) -> str:
    columns: list[Column] = [
        (8038, "Why, and what", [_text("{{ one.reason }}", "Strong"), _text("{{ one.title or one.some }}")]),
        (1600, "How many", [paragraph("TableNumber", "{{ one.says|length }}")]),
    ]
    return (
        paragraph(part, "What could not be checked, and why")
        + when("not quality.unmade_in_short", paragraph("BodyText", "Everything that was to be checked could be."))
        + when(
            "quality.unmade_in_short",
            paragraph(
                "LeadIn",
                "Of these nobody knows whether something is wrong. They are not counted as passed. Those alike stand "
                "together; each is named on the data quality page.",
            ),
            table(
                "What could not be checked, and why",
                "One row for each reason, with where it holds and the number of checks or comparisons.",
                "one in quality.unmade_in_short",
                columns,
            ),
        )
    )


def _passed(part: str, whole: bool) -> str:
    checks: list[Column] = [
        (7038, "What was checked", [_text("{{ says }}")]),
        (2600, "Sources that passed", [paragraph("TableNumber", "{{ count }}")]),
    ]
    compared: list[Column] = [
        (6038, "What was compared", [_text("{{ one.title }}")]),
        (3600, "How it came out", [_text("{{ one.counted.agree_words }}")]),
    ]
    counted = paragraph(part, "What was checked, and passed") + paragraph(
        "BodyText",
        "Checks that passed: {{ quality.counted.passed }}. Comparisons that agree: {{ quality.compared.passed }}."
        + ("" if whole else " Each is named on the data quality page of the year, and in the document beside it."),
    )
    if not whole:
        return counted
    return (
        counted
        + when(
            "quality.sentences_passed",
            table(
                "Checks that passed",
                "One row for each check, with how many sources passed it whenever it was made.",
                "(says, count) in quality.sentences_passed",
                checks,
            ),
            # Between two tables, which Word would else make one.
            paragraph("LeadIn", "Figures that were compared with each other:"),
        )
        + when(
            "quality.passed_comparisons",
            table(
                "Comparisons of figures",
                "One row for each rule, with how many of its comparisons agree.",
                "one in quality.passed_comparisons",
                compared,
            ),
        )
    )


def _text(text: str, style: str = "") -> str:
    return paragraph("TableText", run(text, style))
