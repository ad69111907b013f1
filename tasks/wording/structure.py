"""Does the text hold what its headings, references and lists promise?

Belongs here: headings with nothing under them, references to nothing, parts that one topic has and another lacks, what
a report must say and does not, lists in another order. Does not belong here: whether what is said is true
(``tasks.wording.claims``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from config.wording import WordingCheck
from tasks.wording.evidence import Hit, NothingToRead, Text, beside
from tasks.wording.language import any_of, content, listed, quoted, share_of
from tasks.wording.passages import Passage, part_of

_SAID_BEFORE = 0.5
_PARTS_OF_TOPICS = ("sought", "done", "impact", "still")
_ENUMERATES = re.compile(r"(?:[^,.;]{3,40}, ){2,}[^,.;]{3,40},? and |(?:[^;]{3,}; ){2,}")
_FIRST_AFTER_TITLE = 3
_NAMES = {"sought": "what was sought", "done": "what was done", "impact": "impact", "still": "what is still to achieve"}


def dangling_reference(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """References to what was said before, or to a page or section, that lead to nothing."""
    above = any_of(check.words["above"])
    for passage, sentence in text.sentences:
        found = above.search(sentence)
        if not found:
            continue
        said = content(sentence[: found.start()] + sentence[found.end() :])
        before = [one for one in text.body if one.number < passage.number and one.source == passage.source]
        earlier = passage.text.partition(sentence)[0]
        if not any(share_of(said, content(one)) >= _SAID_BEFORE for one in [earlier, *(p.text for p in before)]):
            yield _reference(text, passage, found[0], "nothing that stands before it says so")
    yield from _places(text, check)


def _places(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Pages beyond the last, and numbered sections that no heading has."""
    pages = [int(n) for p in text.passages if p.kind == "contents" for n in re.findall(r"\d+", p.text[-8:])]
    titles = " | ".join(heading.text.casefold() for heading in text.headings)
    place = any_of(check.words["place"])
    for passage, sentence in text.sentences if text.is_document else ():
        for found in place.finditer(sentence):
            number = next((one for one in found.groups() if one), "")
            is_page = "page" in found[0].casefold()
            if not re.fullmatch(r"\d+|[A-Z]", number) or re.match(
                r" of (?:the|working)", sentence[found.end() :], re.I
            ):
                continue
            if is_page and pages and number.isdecimal() and int(number) > max(pages):
                yield _reference(text, passage, found[0], f"the last page in the contents is {max(pages)}")
            elif not is_page and not re.search(rf"(?<!\w){re.escape(number.casefold())}(?!\w)", titles):
                yield _reference(text, passage, found[0], "no heading has this number")


def _reference(text: Text, passage: Passage, words: str, why: str) -> Hit:
    title = f"“{words}” leads to nothing: {why}."
    return Hit(f"{passage.topic}|{passage.text}|{words}", title, (passage,), values=beside(text, (passage, words)))


def empty_section(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Headings with nothing under them, headings that promise a list, labels that lead to no value."""
    if not text.headings:
        raise NothingToRead("The text has no headings.")
    following = [*text.passages[1:], None]
    lists = any_of(check.words["lists"])
    for passage, after in zip(text.passages, following, strict=True):
        if passage.kind == "heading" and _is_empty(passage, after):
            yield _empty(text, passage, "Nothing stands under the heading")
        elif passage.kind == "heading" and re.search(rf"(?:{lists.pattern})$", passage.text, re.IGNORECASE):
            under = [one for one in _under(text, passage) if one.is_text]
            listing = len(under) > 2 or any(one.kind == "point" or _ENUMERATES.search(one.text) for one in under)
            if under and not listing:
                yield _empty(text, passage, "The heading promises a list, and none stands under")
    waiting = [p for p in text.body if re.search(r"(?:\.{3}|…)$", p.text) and len(p.text.split()) <= 4]
    if waiting:
        yield Hit(
            "labels",
            f"Labels lead to no value: {listed([f'“{p.text}”' for p in waiting])}.",
            tuple(waiting),
            values=beside(text, *((p, p.text) for p in waiting[:4])),
        )


def _under(text: Text, heading: Passage) -> list[Passage]:
    """Everything up to the next heading of the same or a higher level."""
    rest = text.passages[heading.number :]
    return list(takewhile(lambda one: one.kind != "heading" or one.level > heading.level, rest))


def _is_empty(heading: Passage, after: Passage | None) -> bool:
    """The document ends, or a heading of the same or a higher level comes, in other words than this one.

    The first lines are the title's.
    """
    if heading.number < _FIRST_AFTER_TITLE:
        return False
    if after is None:
        return True
    if part_of(heading.text) == "findings" and part_of(after.text):
        return False
    same = after.text.casefold() == heading.text.casefold()
    return (
        after.kind == "heading"
        and after.level <= heading.level
        and not same
        and not _names_what_follows(heading, after)
    )


def _names_what_follows(heading: Passage, after: Passage) -> bool:
    """A line over a line of the same level that only opens it: ``PRIORITIES`` over ``PRIORITY ONE``."""
    return after.level == heading.level and bool(content(heading.text) & content(after.text))


def _empty(text: Text, heading: Passage, what: str) -> Hit:
    title = f"{what} “{quoted(heading.text)}”."
    key = f"{' > '.join(heading.headings)} > {heading.text}"
    return Hit(key, title, (heading,), values=beside(text, (heading, "nothing")))


def uneven_parts(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Parts that some topics of a kind have and others lack, a finding a part."""
    text.needed(*_PARTS_OF_TOPICS)
    kinds: dict[str, dict[str, set[str]]] = {}
    for topic, passages in text.topics.items():
        has = {p.part for p in passages} & set(_PARTS_OF_TOPICS)
        if has:
            kinds.setdefault(_kind_of_topic(text, topic), {})[topic] = has
    for kind, topics in kinds.items():
        for part in _PARTS_OF_TOPICS:
            lacking = [topic for topic, has in topics.items() if part not in has]
            having = len(topics) - len(lacking)
            if lacking and having > 1:
                first = text.topics[lacking[0]][0]
                names = listed([text.title_of(topic) for topic in lacking])
                yield Hit(
                    f"{kind}|{part}",
                    f"{_NAMES[part].capitalize()} is told of {having} of {len(topics)} topics, and not of {names}.",
                    (first,),
                    values=beside(text, *((text.topics[topic][0], f"no “{_NAMES[part]}”") for topic in lacking)),
                )


def _kind_of_topic(text: Text, topic: str) -> str:
    """Topics are of one kind where their section has one shape; in a document, where both say what was sought."""
    shapes = {t.topic: s.template for s in text.partnership.sections for t in s.topics}
    return shapes.get(topic, "") or ("priority" if any(p.part == "sought" for p in text.topics[topic]) else "review")


def missing_statement(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """What a report must say and no passage says; of documents."""
    for statement in check.words["statements"]:
        name, _, wanted = statement.partition(" = ")
        patterns = [re.compile(one, re.IGNORECASE) for one in wanted.split(" + ")]
        if not any(all(pattern.search(p.text) for pattern in patterns) for p in text.passages):
            yield Hit(name, f"Nothing says {name}.", text.passages[:1])


def unplaced_citation(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Numbers of what guidance holds, quoted without page or paragraph."""
    guidance = content(re.sub(r"\d", "", text.partnership.guidance.title))
    placed = re.compile(r"\bp\.? ?\d|\bpages? \d|\bparagraphs? \d|\bparas? \d|\bchapters? \d", re.IGNORECASE)
    counts = re.compile(
        r"\b(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) (?:\w+[ -]){0,2}"
        r"(?:elements?|themes?|standards?|principles|requirements?|functions)"
    )
    for passage, sentence in text.sentences:
        short = " ".join(text.partnership.guidance.title.split()[:2])
        named = short.casefold() in sentence.casefold() or share_of(guidance, content(sentence)) == 1
        found = counts.search(sentence)
        if named and found and not placed.search(sentence):
            yield Hit(
                sentence,
                f"“{found[0]}” are quoted out of guidance without a page or paragraph.",
                (passage,),
                values=beside(text, (passage, quoted(sentence))),
            )


def order_of_list(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Priorities, and the measures of areas, listed in more than one order."""
    yield from _priorities(text)
    yield from _measures(text)


def _priorities(text: Text) -> Iterator[Hit]:
    """Lists whose points name the priorities, in another order than their numbers."""
    names: dict[str, list[frozenset[str]]] = {}
    for priority in text.partnership.profile.priorities:
        names.setdefault(priority.number.partition(".")[0], []).append(content(priority.title))
    shared = {number: frozenset.intersection(*sets) for number, sets in names.items()}
    wanted = sorted(shared, key=lambda number: (len(number), number))
    for points in _runs(text.passages):
        order = [number for point in points if (number := _named(content(point.text), shared))]
        if sorted(order) == sorted(wanted) and len(order) > 2 and order != wanted:
            yield Hit(
                points[0].topic,
                f"The priorities are listed in the order {listed(order)}; they are numbered {listed(wanted)}.",
                (points[0],),
                values=beside(text, (points[0], quoted(points[0].text))),
            )


def _named(said: frozenset[str], names: dict[str, frozenset[str]]) -> str:
    scores = {number: share_of(name, said) for number, name in names.items() if name}
    best = max(scores.values(), default=0.0)
    named = [number for number, score in scores.items() if score == best]
    return named[0] if best >= 0.6 and len(named) == 1 else ""


def _runs(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Points that follow one another, run by run."""
    run: list[Passage] = []
    for passage in passages:
        if passage.kind == "point":
            run.append(passage)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _measures(text: Text) -> Iterator[Hit]:
    """Measures that several areas list under headings of their own, in another order."""
    by_topic: dict[str, list[str]] = {}
    for read in text.numbers:
        starts = read.sentence.lstrip("* ").startswith(read.number.text)
        if read.measure and starts and text.areas_named(read.passage):
            seen = by_topic.setdefault(read.passage.topic, [])
            seen += [read.measure] if read.measure not in seen else []
    orders = [(topic, order) for topic, order in by_topic.items() if len(order) > 4]
    for index, (topic, order) in enumerate(orders):
        for other, its in orders[index + 1 :]:
            common = [one for one in order if one in its]
            if len(common) > 4 and common != [one for one in its if one in common]:
                passages = (text.topics[topic][0], text.topics[other][0])
                yield Hit(
                    f"{topic}|{other}",
                    f"{len(common)} measures stand in one order under “{text.title_of(topic)}” and in another under "
                    f"“{text.title_of(other)}”.",
                    passages,
                    values=beside(text, *((p, quoted(p.text)) for p in passages)),
                )
