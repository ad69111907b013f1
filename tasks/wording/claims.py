"""Is a claim supported, and does nothing else in the text or in the returns contradict it?

Belongs here: claims of impact, of all, of avoidance, of how often; evaluations and audits without numbers; concerns
among strengths; scrutiny of one's own work. Does not belong here: numbers against the register
(``tasks.wording.counts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from config.model import Group
from config.wording import WordingCheck
from tasks.wording.evidence import Hit, NothingToRead, Text, beside
from tasks.wording.language import NUMBER_WORDS, any_of, content, listed, numbers, quoted, stem, words
from tasks.wording.passages import Passage

_FEWEST_LETTERS = 5


def unsupported_impact(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Statements of impact with no number, audit or feedback in them; one finding a topic and sender."""
    support, honest = any_of(check.words["evidence"]), any_of(check.words["honest"])
    found: dict[tuple[str, str], list[Passage]] = {}
    count: dict[tuple[str, str], int] = {}
    impact = text.needed("impact")
    with_points = {passage.topic for passage in impact if passage.kind == "point"}
    for passage in impact:
        key = (passage.topic, passage.source)
        if passage.kind == "paragraph" and passage.topic in with_points:
            continue  # what stands beside a list of claims is none: a link to the full report
        count[key] = count.get(key, 0) + 1
        if not support.search(passage.text) and not honest.search(passage.text) and not numbers(passage.text):
            found.setdefault(key, []).append(passage)
    for key, passages in found.items():
        of = f"{len(passages)} of {count[key]} claims of impact name" if count[key] > 1 else "The claim of impact names"
        if count[key] > 1 and len(passages) == 1:
            of = of.replace("claims of impact name", "claims of impact names")
        yield Hit(
            "|".join(key),
            f"{of} no figure, audit or feedback ({text.title_of(key[0])}).",
            tuple(passages),
            values=beside(text, *((p, quoted(p.text)) for p in passages[:5])),
        )


def contradicted_claim(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Claims that all report, against returns that did not come and against sentences that deny it."""
    bodies, does = "|".join(check.words["bodies"]), "|".join(check.words["does"])
    everybody = "|".join((*check.words["everybody"], *_as_counted(text)))
    claim = re.compile(rf"\b(?:{everybody}) (?:of (?:the|our|its) )?(?:\w+ )?(?:{bodies})\b", re.IGNORECASE)
    verb = re.compile(rf"\b(?:{does})\w*", re.IGNORECASE)
    not_yet = any_of(check.words["not_yet"], whole_words=True)
    absent = _absent(text)
    for passage, sentence in text.sentences:
        if not (claim.search(sentence) and verb.search(sentence)) or not_yet.search(sentence):
            continue
        denials = _denials(text, check, passage, {stem(one) for one in verb.findall(sentence)})
        if not absent and not denials:
            continue
        reasons = [f"no return came from {listed(absent)}"] if absent else []
        reasons += (
            [f"{len(denials)} other sentence{'s say' if len(denials) > 1 else ' says'} otherwise"] if denials else []
        )
        yield Hit(
            f"{passage.topic}|{sentence}",
            f"“{quoted(sentence, 80)}” is contradicted: {' and '.join(reasons)}.",
            (passage, *(p for p, _ in denials)),
            values=beside(text, (passage, quoted(sentence)), *((p, quoted(one, 120)) for p, one in denials[:4])),
        )


def _as_counted(text: Text) -> list[str]:
    """How many subgroups there are, as a number and in words: who says "seven subgroups" of seven means all."""
    count = sum(group.kind == "subgroup" for group in text.partnership.profile.groups)
    return [str(count), *(word for word, number in NUMBER_WORDS.items() if number == count)] if count > 1 else []


def _absent(text: Text) -> list[str]:
    """Subgroups whose quarterly return did not come, each with the quarters."""
    missing: dict[str, list[str]] = {}
    for one in text.returns:
        group = text.partnership.groups[text.partnership.sources[one.source].sender]
        if one.state == "missing" and group.kind == "subgroup" and "-Q" in one.period:
            missing.setdefault(group.name, []).append(one.period.rpartition("-")[2])
    return [f"{name} ({', '.join(quarters)})" for name, quarters in missing.items()]


def _denials(text: Text, check: WordingCheck, claim: Passage, verbs: set[str]) -> list[tuple[Passage, str]]:
    """Sentences of others, or elsewhere, that say of a named group that the same was not done."""
    denies = any_of(check.words["denies"])
    groups = [content(group.name) for group in text.partnership.profile.groups if group.kind == "subgroup"]
    found = []
    for passage, sentence in text.sentences:
        said = content(sentence)
        same = any(one[:_FEWEST_LETTERS] in {word[:_FEWEST_LETTERS] for word in said} for one in verbs)
        assured = same or {stem("return"), stem("assurance")} & said
        named = any(_names_group(said, group) for group in groups) or re.search(
            r"\b[A-Z]\w+ (?:Sub-?)?[Gg]roup\b", sentence
        )
        if passage is not claim and assured and denies.search(sentence) and named:
            found.append((passage, sentence))
    return found


def _names_group(said: frozenset[str], group: frozenset[str]) -> bool:
    own = group - content("group subgroup and")
    return bool(own) and own <= said


def avoided_and_found(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """What one passage says is avoided, and another says is there."""
    avoided = re.compile(
        rf"\b(?:{'|'.join(check.words['avoided'])}) (?:any )?((?:[a-z]+ )?[a-z]+-?[a-z]+)", re.IGNORECASE
    )
    present = any_of(check.words["found"])
    for passage in text.body:
        for claim in avoided.finditer(passage.text):
            noun = words(claim[1])
            key = {stem(claim[1].split()[-1])} | ({stem(noun[-1])} if noun else set())
            against = [
                other
                for other in text.body
                if other.topic != passage.topic
                and key & ({stem(w) for w in re.findall(r"[\w-]+", other.text)} | content(other.text))
                and present.search(other.text)
                and not avoided.search(other.text)
            ]
            if against:
                yield Hit(
                    f"{passage.topic}|{claim[0]}",
                    f"“{claim[0]}” is a strength in one place; in another it is said to be found.",
                    (passage, *against),
                    values=beside(text, *((p, quoted(p.text)) for p in (passage, *against[:3]))),
                )


def concern_among_strengths(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Concerns under a heading of strengths."""
    concern = any_of(check.words["concern"], whole_words=True)
    for passage in text.needed("strengths"):
        found = concern.search(passage.text)
        if found:
            yield Hit(
                f"{passage.topic}|{passage.text}",
                f"A concern stands among the strengths (“{found[0]}”).",
                (passage,),
                values=beside(text, (passage, quoted(passage.text, 160))),
            )


def unmeasured_evaluation(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """What people said of something, with no number of those who were asked or answered."""
    for topic in dict.fromkeys(passage.topic for passage in text.needed("evaluation")):
        said = [p for p in text.topics[topic] if p.part == "evaluation"]
        if not any(numbers(p.text) for p in said):
            yield Hit(
                topic,
                f"The evaluation is {len(said)} sentence{'s' if len(said) > 1 else ''}, with no number of those who "
                f"were asked or answered ({text.title_of(topic)}).",
                tuple(said),
                values=beside(text, (said[0], quoted(said[0].text))),
            )


def audit_without_sample(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Topics about an audit in which nothing says how many cases were looked at."""
    audits, cases = any_of(check.words["audits"]), any_of(check.words["cases"])
    reported = 0
    for topic, passages in text.topics.items():
        name = topic if text.is_document else topic.replace("-", " ")
        if not audits.search(name.rpartition(" > ")[2]) or not {p.part for p in passages} & {
            "strengths",
            "development",
        }:
            continue
        reported += 1
        counted = any(
            cases.search(p.text[number.end : number.end + 40]) for p in passages for number in numbers(p.text)
        )
        if not counted:
            yield Hit(
                topic,
                f"Nothing says how many cases were looked at ({text.title_of(topic)}).",
                passages[:1],
                values=beside(text, (passages[0], quoted(passages[0].text))),
            )
    if not reported:
        raise NothingToRead("No topic reports on an audit.")


def meeting_cadence(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """How often groups are said to meet, against the meetings counted; words that mean two things."""
    yield from _ambiguous(text, check)
    again = any_of(check.words["again"])
    for passage, sentence in text.sentences:
        if not re.search(r"\bmeet(?:s|ings?)?\b", sentence, re.IGNORECASE):
            continue
        for often in check.words["often"]:
            pattern, _, times = often.partition(" = ")
            found = re.search(rf"(?<![\w-])(?:{pattern})\b", sentence, re.IGNORECASE)
            if found:
                yield from _counted(text, passage, sentence, found[0], int(times))
        if found := again.search(sentence):
            yield Hit(
                f"{passage.topic}|{sentence}",
                f"A meeting is said to have begun again (“{found[0]}”), and not how often it was held.",
                (passage,),
                values=beside(text, (passage, quoted(sentence))),
            )


def _ambiguous(text: Text, check: WordingCheck) -> Iterator[Hit]:
    twofold = any_of(check.words["ambiguous"], whole_words=True)
    for passage, sentence in text.sentences:
        if found := twofold.search(sentence):
            yield Hit(
                f"{passage.topic}|{sentence}",
                f"“{found[0]}” can mean twice as often, or half as often.",
                (passage,),
                values=beside(text, (passage, quoted(sentence))),
            )


def _counted(text: Text, passage: Passage, sentence: str, often: str, times: int) -> Iterator[Hit]:
    """Is there a count of this group's meetings, and is it near what is said? One less or more in a year is near."""
    group = _group(text, passage, sentence)
    name = f"the meetings of {group.name}" if group else "a meeting"
    own = content(group.name) if group else frozenset()
    counts = [f for f in text.figures if stem("meetings") in content(text.partnership.measures[f.measure].title)]
    of_it = [
        f
        for f in counts
        if own and own - content("group subgroup") <= content(text.partnership.measures[f.measure].title)
    ]
    value = next((figure.value for figure in of_it if figure.value is not None), None)
    expected = Decimal(times if text.period.year is text.period else times // 4)
    if value is None:
        title = f"“{often}” is said of {name}, and the register has no count of meetings for it."
    elif abs(value - expected) > 1:
        title = f"“{often}” is said of {name}, which would be {expected} in the period; the register counts {value}."
    else:
        return
    yield Hit(f"{passage.topic}|{sentence}", title, (passage,), values=beside(text, (passage, quoted(sentence))))


def _group(text: Text, passage: Passage, sentence: str) -> Group | None:
    """The group that a sentence, or the heading above it, names."""
    groups: Sequence[Group] = text.partnership.profile.groups
    for words_ in (sentence, *reversed(passage.headings)):
        said = content(words_)
        named = [group for group in groups if _names_group(said, content(group.name))]
        if named:
            return max(named, key=lambda group: len(group.name))
    return None


def own_scrutiny(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Scrutineers who chair what they scrutinise: by their title, or by what they give as evidence."""
    leads = any_of(check.words["leads"], whole_words=True)
    scrutineer = re.compile(r"scrutin(?:eer|iser)", re.IGNORECASE)
    for passage, sentence in text.sentences:
        both = re.search(r"\b[Cc]hair and (?:(?!the )\w+ )?[Ss]crutineer", sentence)
        evidence = leads.match(sentence) and any(
            scrutineer.search(h) or "scrutin" in h.casefold() for h in passage.headings
        )
        if both or evidence:
            what = (
                f"“{both[0]}” is one person"
                if both
                else f"Chairing is given as evidence of scrutiny (“{quoted(sentence, 60)}”)"
            )
            yield Hit(
                f"{passage.topic}|{sentence}", f"{what}.", (passage,), values=beside(text, (passage, quoted(sentence)))
            )
