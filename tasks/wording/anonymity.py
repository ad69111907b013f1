"""May the write-up of a case be drafted, or does a passage of it tell who somebody is?

Belongs here: passages that tell it by themselves, and which write-ups are held back for them. Does not belong here:
what many small details tell together (``tasks.wording.identifying``), and identifiers such as NHS numbers
(``tasks.gather.personal``).

A draft goes to many people before anybody reads it closely, so a write-up is held back until its passages are made
anonymous or a person releases it with a reason. What is found is told by its kind and by the paragraph, never by the
words. Working Together 2023 has practice reviews published so that nobody is identified; names at the beginning of a
sentence that stand nowhere else are not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from config.periods import MONTHS
from config.wording import WordingCheck
from tasks.model import Finding, ValueBeside
from tasks.wording.evidence import Hit, NothingToRead, Text
from tasks.wording.language import any_of, listed, sentences
from tasks.wording.passages import Passage
from tasks.words import many

KIND = "case_anonymity"

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NUMBER = (
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen)"
)
_RELATIVE = r"(?:child|son|daughter|brother|sister|sibling|baby|boy|girl)"
_TELLING: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, flags))
    for kind, pattern, flags in (
        (
            "an exact date",
            rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})\b"
            rf"|\b(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)",
            re.IGNORECASE,
        ),
        (
            "an age",
            rf"\b(?:aged|at age|age of|turned) {_NUMBER}\b|\b{_NUMBER}[- ](?:year|month|week|day)s?[- ]olds?\b"
            r"|\b\d{1,2}\+\d weeks\b|\b\d{1,2} weeks(?:'|’)? (?:of )?(?:gestation|pregnan)|\bborn at \d{1,2}\b",
            re.IGNORECASE,
        ),
        (
            "a place",
            r"\b[A-Z][a-z]+ (?:[A-Z][a-z]+ )*(?:School|Academy|College|Nursery|Hospital|Surgery|Road|Street|Avenue|"
            r"Lane|Close|Estate|Ward|Park|Hostel|Refuge)\b",
            re.NOFLAG,
        ),
        (
            "words that were said",
            r"[\"“][^\"”]{3,}[\"”]|(?<!\w)[‘'][^‘’'\"]{3,}[’'](?!\w)|\b(?:told|said|says|asked)\b[^.]{0,30}\b(?:I|my|me)\b",
            re.NOFLAG,
        ),
        (
            "a name",
            r"\b(?:called|named|known as|nicknamed) [A-Z]|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z]|\b[A-Z][a-z]+(?:'s|’s) "
            r"(?:mother|father|mum|dad|parents|sister|brother|partner|family)\b",
            re.NOFLAG,
        ),
        (
            "initials",
            r"\b(?:[Cc]hild|[Bb]aby|[Mm]other|[Ff]ather|[Ss]ibling|[Yy]oung person) [A-Z0-9]\b|\b[A-Z]\.(?: ?[A-Z]\.)+",
            re.NOFLAG,
        ),
        (
            "who belongs to the family",
            rf"\b(?:eldest|oldest|youngest|middle|second|third|fourth|only) {_RELATIVE}\b|\b{_NUMBER} "
            r"(?:(?:half|step|older|younger)[- ])?(?:siblings|brothers|sisters|children of)\b|\btwins?\b|\btriplets?\b|"
            r"\b(?:step|half|foster|adoptive)[- ]?(?:mother|father|brother|sister|sibling)\b|"
            r"\b(?:mother|father) of \w+\b|\b(?:maternal|paternal) (?:grand\w+|aunt|uncle)\b",
            re.IGNORECASE,
        ),
    )
)
_CAPITAL = re.compile(r"\b[A-Z][a-z]+\b")
_PLACE = dict(_TELLING)["a place"]


def case_anonymity(text: Text, check: WordingCheck) -> Iterator[Hit]:
    """Write-ups of a case of which a passage tells who somebody is, a finding a write-up."""
    write_ups = _write_ups(text, check)
    if not write_ups:
        raise NothingToRead("Nobody has written up a case.")
    for (_, topic), passages in write_ups.items():
        known = _known(text, check)
        names = _names(passages, known)
        telling = {
            number: (passage, kinds)
            for number, passage in enumerate(passages, 1)
            if (kinds := _kinds(passage, check, names))
        }
        if telling:
            yield Hit(
                # The words are in the key, and so in the id: a decision to release them releases no others.
                "|".join((topic, *(passage.text for passage, _ in telling.values()))),
                f"The write-up of {text.title_of(topic)} is held back until {many(len(telling), 'passage')} "
                f"{'is' if len(telling) == 1 else 'are'} made anonymous: paragraph{'' if len(telling) == 1 else 's'} "
                f"{listed([str(number) for number in telling])} of {len(passages)}.",
                tuple(passage for passage, _ in telling.values()),
                values=tuple(
                    ValueBeside(f"Paragraph {number}", listed(kinds), passage.where)
                    for number, (passage, kinds) in telling.items()
                ),
                quotes=False,
            )


def tells(text: Text, passage: Passage) -> bool:
    """Does a passage of a case's write-up tell by itself who somebody is?"""
    check = next((one for one in text.partnership.wording if one.id == KIND), None)
    if check is None:
        return False
    for passages in _write_ups(text, check).values():
        if passage in passages:
            return bool(_kinds(passage, check, _names(passages, _known(text, check))))
    return False


def held_back(findings: Iterable[Finding], source: str, topic: str) -> Finding | None:
    """The finding for which what a source wrote on a topic is not drafted; none where a person has released it."""
    return next(
        (
            one
            for one in findings
            if one.kind == KIND
            and one.outcome == "failed"
            and one.state != "decided"
            and one.subject.startswith(f"{source}.{topic}.")
        ),
        None,
    )


def _write_ups(text: Text, check: WordingCheck) -> Mapping[tuple[str, str], list[Passage]]:
    """Passages about one case, by who wrote them and the case: those under a heading that names a review of cases."""
    named = any_of(check.words["named_cases"])
    found: dict[tuple[str, str], list[Passage]] = {}
    for topic, passages in text.cases.items():
        for passage in passages:
            if any(map(named.search, (*passage.headings, topic))):
                found.setdefault((passage.source, topic), []).append(passage)
    return found


def _kinds(passage: Passage, check: WordingCheck, names: frozenset[str]) -> list[str]:
    """What in a passage tells who somebody is, by its kind."""
    kinds = [kind for kind, pattern in _TELLING if pattern.search(passage.text)]
    if any_of(check.words.get("places", ()), whole_words=True).search(passage.text):
        kinds.append("a place")
    if names & set(_CAPITAL.findall(_PLACE.sub("", passage.text))):
        kinds.append("a name")
    return list(dict.fromkeys(kinds))


def _names(passages: Sequence[Passage], known: frozenset[str]) -> frozenset[str]:
    """Words that have a capital in the middle of a sentence, and that nobody knows as a word of the partnership."""
    found = set()
    for passage in passages:
        for sentence in sentences(_PLACE.sub("", passage.text)):
            first = re.match(r"\W*\w+", sentence)
            found |= set(_CAPITAL.findall(sentence[first.end() :] if first else ""))
    return frozenset(found - known)


def _known(text: Text, check: WordingCheck) -> frozenset[str]:
    """Words with a capital that name no person: of the configuration, of the calendar, and those that a check lists."""
    profile = text.partnership.profile
    said = [profile.name, *profile.acronyms, *profile.acronyms.values(), text.partnership.guidance.title]
    said += [name for area in profile.areas for name in (area.name, area.short_name)]
    said += [name for group in profile.groups for name in (group.name, group.contact_role)]
    said += [month.capitalize() for month in MONTHS]
    said += check.words.get("known", ())
    return frozenset(word for words in said for word in re.findall(r"[A-Za-z]+", words))
