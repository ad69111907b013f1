"""What each stage of one run takes from the store, and what it puts back.

Belongs here: the keys under which a stage's results lie, and the order in which they are written (the manifest last: a
run without one did not happen). Does not belong here: what a stage computes (its own module) and Prefect
(``tasks.steps``).

Between stages pass references only: a key and a SHA-256. What a later stage needs it takes from the store by them. The
first stage claims the period (``tasks.claims``), and the last one sees that what earlier periods' runs had left when
the run began still stands: so no run mixes its figures with those of another that goes at the same time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from config import __version__
from config.errors import Failure, Refused
from config.periods import Quarter, ReportingYear
from tasks import plain
from tasks.claims import Claim, Claimed, put_claim
from tasks.earlier import Earlier
from tasks.kept import (
    OPEN,
    WHOLE,
    decisions_of,
    folder_of,
    period_of,
)
from tasks.model import Draft, Finding, Gathered, GatheredFile, Reading, Register, Verdict
from tasks.order import (
    Order,
    mark_as_its_own,
    partnership_of,
    refuse_an_inbox_of_nobody,
    refuse_faulty_templates,
    suites,
)
from tasks.store import ANYTHING, ObjectStore, open_store

if TYPE_CHECKING:
    from config.layouts import Source
    from tasks.assemble.accessible import Problem
    from tasks.quality import Results
    from tasks.validate import Before

CLAIM = "gathered/{folder}/claim.json"
EARLIER = "earlier"
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Reference:
    """A result in the store: all that stages hand to each other."""

    key: str
    sha256: str
    claim: str = ""
    """The SHA-256 of the run's claim of its period, which the first stage makes."""


class Stages:
    """The stages of one run, over one store. Each returns a reference to what it wrote."""

    def __init__(self, order: Order, store: ObjectStore | None = None) -> None:
        self.order = order
        self.partnership = partnership_of(order.partnership)
        self.period = period_of(order.period)
        self.store = self._unclaimed = store or open_store(order.store)
        self.earlier = Earlier(self.store, self.period)

    # Stages, in their order

    def gather(self) -> Reference:
        """Store every file as sent, then read it; keep observations, narrative and what was wrong with each file."""
        from tasks.gather import drift, read_taken, receive

        mark_as_its_own(self.partnership, self.store, self.order)
        refuse_an_inbox_of_nobody(self.partnership, self.order, self.earlier)
        refuse_faulty_templates(self.partnership)
        told = read_taken(receive(self.partnership, self.period, self.order.inbox, self.store), self._read)
        before = self.earlier.files()
        gathered = Gathered(
            tuple(
                drift.told(self.partnership.sources[file.source], before.get(file.source), file)
                if file.source
                else file
                for file, _ in told
            ),
            tuple(observation for _, reading in told for observation in reading.observations),
            tuple(narrative for _, reading in told for narrative in reading.narrative),
        )
        claim = self._claim(gathered)
        return replace(self._put("gathered/{folder}/gathered.json", gathered), claim=claim)

    def validate(self, gathered: Reference) -> Reference:
        """Run each source's suite over what came; what did not come is not evaluated, and is said to be."""
        from tasks.gather import apart
        from tasks.validate import before

        self._go_on_with(gathered)
        taken = {file.source: file for file in self.gathered(gathered).files if file.state != "superseded"}
        compared = before(self.store, self.period, folder_of(self.period.before), suites())
        told = apart.each(lambda source: self._checked(source, taken.get(source.id), compared), self.due)
        verdicts = [verdict for of_source in told for verdict in of_source]
        return self._put("quality/{folder}/results.json", {"verdicts": verdicts})

    def reconcile(self, gathered: Reference, verdicts: Reference) -> Reference:
        """Make the figures, compare them, apply what people decided, and keep both books; only the open one goes on."""
        from tasks import annex, books, register_tables
        from tasks.reconcile import comparisons, comparisons_csv

        self._go_on_with(gathered)
        whole = self.earlier.whole_year(self.gathered(gathered))
        checks = [*self.earlier.verdicts_of_quarters(), *self.verdicts(verdicts)]
        made = books.make(
            self.partnership,
            self.period,
            whole.observations,
            whole.files,
            checks,
            books.Settled(decisions_of(self.store, self.period.year), self.order.day),
            list(self.earlier.books()),
            whole.narrative,
            self.earlier.figures(),
            self.earlier.publications(),
        )
        self._put(f"{WHOLE}/{{folder}}/register.json", made.whole)
        self._put("findings/{folder}/findings.json", {"findings": made.shown.findings})
        for name, data in register_tables.files(self.partnership, made.shown, checks).items():
            self._put_bytes(f"{OPEN}/{{folder}}/{name}", data)
        if isinstance(self.period, ReportingYear):
            bars = comparisons(self.partnership, self.period, made.shown.figures, made.shown.observations)
            self._put_bytes(f"{OPEN}/{{folder}}/comparisons.csv", comparisons_csv(bars).encode())
        for name, data in annex.files(self.partnership, self.period, made.shown.figures).items():
            self._put_bytes(f"annex/{self.period.year}/{name}", data)
        return self._put(f"{OPEN}/{{folder}}/register.json", made.shown)

    def assemble(
        self,
        gathered: Reference,
        verdicts: Reference,
        register: Reference,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Reference:
        """Draft every section of the period (and, for the year, the combined report) as Word documents.

        While one is drafted another is looked through for what keeps people from reading it; none goes without.
        """
        from tasks import assemble

        self._go_on_with(gathered)
        whole, book = self.earlier.whole_year(self.gathered(gathered)), self.register(register)
        figures = {f"{f.area}.{f.measure}": f for f in book.figures}
        sections = [s for s in self.partnership.sections if s.quarterly or isinstance(self.period, ReportingYear)]
        run_id = self.run_id(gathered, register)
        over_time = any(chart.kind == "line" for section in sections for chart in section.charts)
        quarters = self.earlier.open_figures() if over_time else {}
        contexts = [
            assemble.section_context(
                self.partnership,
                section,
                self.period,
                figures,
                whole.narrative,
                book.findings,
                whole.files,
                {o.id: o for o in book.observations},
                run_id,
                quarters,
            )
            for section in sections
        ]
        with ThreadPoolExecutor(max_workers=1) as beside:
            drafts = []
            for number, context in enumerate(contexts, 1):
                tell(f"section {number} of {len(contexts)}: {context.title}")
                template = self.partnership.templates.get(context.template)
                drafts.append(self._put_draft(context, assemble.draft_section(context, template), beside))
            if isinstance(self.period, ReportingYear):
                tell("the combined report")
                told = self._told(gathered, verdicts, register)
                drafts.append(
                    self._put_draft(
                        assemble.report_context(self.partnership, self.period, contexts, run_id),
                        self._numbered(
                            lambda pages: assemble.combine(
                                self.partnership,
                                self.period,
                                contexts,
                                run_id,
                                self.partnership.templates,
                                pages=pages,
                                quality=told,
                            ),
                            tell,
                        ),
                        beside,
                    )
                )
        return self._put("drafts/{folder}/drafts.json", {"drafts": [looked_through() for looked_through in drafts]})

    def drafts_made(self) -> tuple[Draft, ...]:
        """Drafts of the last run of the period."""
        return plain.from_plain(tuple[Draft, ...], self._kept("drafts/{folder}/drafts.json")["drafts"])

    def to_look_at(self) -> list[str]:
        """What needs a person, a sentence each: files that could not be used as they are, then findings."""
        gathered = plain.from_plain(Gathered, self._kept("gathered/{folder}/gathered.json"))
        findings = plain.from_plain(list[Finding], self._kept("findings/{folder}/findings.json")["findings"])
        told = [
            f"{problem.where}: {problem.what}"
            for file in gathered.files
            for problem in file.problems
            if problem.severity == "must_fix" or file.state != "read"
        ]
        return told + [
            f.title for f in findings if f.outcome == "failed" and f.severity != "information" and f.state != "decided"
        ]

    def publish(self, gathered: Reference, verdicts: Reference, register: Reference, drafts: Reference) -> Reference:
        """Write what the quality assurance group reads; then the manifest: that this run happened.

        The front page comes after it, because it tells of the whole store and not of this run.
        """
        from tasks.front_page import put_pages

        self._go_on_with(gathered)
        whole, book = self.earlier.whole_year(self.gathered(gathered)), self.register(register)
        own, run_id = self.gathered(gathered), self.run_id(gathered, register)
        results = self.verdicts(verdicts)
        quality = self._put_quality(self._told(gathered, verdicts, register), run_id)
        outputs = [gathered, verdicts, register, drafts, *quality]
        outputs += [Reference(d.key, d.sha256) for d in self.drafts(drafts)]
        beside = [f"{OPEN}/{{folder}}/{name}" for name in ("figures.csv", "figures.parquet")]
        for key in (*beside, "findings/{folder}/findings.json"):
            stored = self.store.describe(key.format(folder=self.order.folder))
            outputs.append(Reference(stored.key, stored.sha256))
        manifest = {
            "run": run_id,
            "partnership": self.partnership.profile.id,
            "configuration": self.partnership.fingerprint,
            "templates": self._templates(),
            "version": __version__,
            "period": str(self.period),
            "inputs": [
                {"source": f.source, "name": f.name, "key": f.key, "sha256": f.sha256, "size": f.size, "state": f.state}
                for f in whole.files
            ],
            "compared_with": [{"key": o.key, "sha256": o.sha256} for o in self.earlier.compared_with()],
            "outputs": [{"key": o.key, "sha256": o.sha256} for o in outputs],
            "counts": {
                "files": len(own.files),
                "figures": len(book.figures),
                "checks": _counts(v.outcome for v in results),
                "rules": _counts(f.outcome for f in book.findings),
            },
        }
        self._refuse_other_earlier_results()
        kept = self._put(f"runs/{run_id}/manifest.json", manifest)
        put_pages(self._unclaimed, self.partnership)
        return kept

    # What was kept

    def gathered(self, reference: Reference) -> Gathered:
        """What came for this period alone."""
        gathered: Gathered = _as_it_was(Gathered, self._bytes(reference))
        return gathered

    def verdicts(self, reference: Reference) -> tuple[Verdict, ...]:
        """What was checked of it."""
        return plain.from_plain(tuple[Verdict, ...], self._get(reference)["verdicts"])

    def register(self, reference: Reference) -> Register:
        """Its figures, and what was found beside them."""
        register: Register = _as_it_was(Register, self._bytes(reference))
        return register

    def drafts(self, reference: Reference) -> tuple[Draft, ...]:
        """What was drafted, each with what became of an edited one."""
        return plain.from_plain(tuple[Draft, ...], self._get(reference)["drafts"])

    @property
    def due(self) -> tuple[Any, ...]:
        """Sources expected for this period."""
        return self.partnership.due("quarter" if isinstance(self.period, Quarter) else "year")

    def run_id(self, gathered: Reference, register: Reference) -> str:
        """The same for the same inputs, decisions, earlier periods, configuration and version."""
        whole = self.earlier.whole_year(self.gathered(gathered))
        inputs = sorted(f"{file.source} {file.name} {file.sha256}" for file in whole.files)
        settled = {(past.decision, past.standing) for one in self.register(register).findings for past in one.history}
        inputs += [f"decision {number} {standing}" for number, standing in sorted(settled)]
        inputs += [f"compared with {one.sha256}" for one in self.earlier.compared_with()]
        parts = [str(self.period), self.partnership.fingerprint, __version__, *inputs]
        return f"{self.period}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:10]}"

    # Two runs at once

    def _claim(self, gathered: Gathered) -> str:
        """Claim the period with all that decides what this run comes to; the store takes its writes from now on."""
        decisions = decisions_of(self.store, self.period.year)
        says = {
            "gathered": hashlib.sha256(_as_bytes(gathered)).hexdigest(),
            "configuration": self.partnership.fingerprint,
            "templates": self._templates(),
            "version": __version__,
            "page_numbers": self.order.page_numbers,
            "decisions": [[one.number, bool(one.until) and self.order.day > one.until] for one in decisions],
            EARLIER: self.earlier.left(),
        }
        claim = put_claim(self._unclaimed, CLAIM.format(folder=self.order.folder), says)
        self.store = Claimed(self._unclaimed, claim)
        return claim.sha256

    def _go_on_with(self, gathered: Reference) -> None:
        """Write as the run does that gathered this: no longer once another run has claimed the period."""
        self.store = Claimed(self._unclaimed, Claim(CLAIM.format(folder=self.order.folder), gathered.claim))

    def _refuse_other_earlier_results(self) -> None:
        """A run must not count that took figures of earlier periods from before and after these were run again."""
        began_with, now = self._kept(CLAIM)[EARLIER], self.earlier.left()
        moved = sorted(key for key in began_with | now if began_with.get(key) != now.get(key))
        if moved:
            raise Refused(
                "An earlier period was run again while this run was going.",
                where=", ".join(moved),
                why="This run would rest on figures of which some no longer count.",
                to_do="Wait until the run of the earlier period has ended, then run this one again.",
            )

    def _templates(self) -> dict[str, str]:
        return {shape: hashlib.sha256(data).hexdigest() for shape, data in self.partnership.templates.items()}

    # Reading and writing

    def _read(self, file: GatheredFile) -> Reading:
        from tasks.gather import apart

        source = self.partnership.sources[file.source]
        areas = self.partnership.profile.areas
        return apart.read(source, self.store.get(file.key), file.name, self.period, areas=areas)

    def _checked(self, source: Source, file: GatheredFile | None, compared: Before | None) -> list[Verdict]:
        """What every check says of a source: apart, for its file is read once more for it."""
        from tasks.gather import apart
        from tasks.validate import check_source, read_and_check, suites_of

        p, before = self.partnership, compared.of(source.id) if compared else None
        asked = (suites_of(source, suites()), self.period, p.measures, p.profile.areas, before)
        if file is None or file.state in ("empty", "personal_data"):
            return check_source(source, Reading(state=file.state if file else "empty"), *asked)
        try:
            return apart.run(read_and_check, source, self.store.get(file.key), file.name, *asked)
        except apart.Died:
            return check_source(source, Reading(state="unreadable"), *asked)

    def _put(self, key: str, value: object) -> Reference:
        return self._put_bytes(key, _as_bytes(value), JSON)

    def _put_bytes(self, key: str, data: bytes, about: dict[str, str] | None = None) -> Reference:
        stored = self.store.put(key.format(folder=self.order.folder), data, about=about or {}, expected=ANYTHING)
        return Reference(stored.key, stored.sha256)

    def _put_quality(self, told: Results, run_id: str) -> list[Reference]:
        """Put what the quality assurance group reads: one value, as page, table, data and Word document."""
        from tasks.assemble import quality_document
        from tasks.drafts import put_document
        from tasks.quality import quality_page, quality_table

        look = self.partnership.profile.look
        document = quality_document(told, look, self.period.last_day, run_id)
        beside = put_document(self.store, f"quality/{self.order.folder}/data-quality", run_id, document)
        # The mark at the beginning tells Excel that the table is UTF-8.
        table = quality_table(told).encode("utf-8-sig")
        page = quality_page(told, look).encode()
        return [
            Reference(beside.key, beside.sha256),
            self._put_bytes("quality/{folder}/data-quality.csv", table, {"content-type": "text/csv"}),
            self._put("quality/{folder}/data-quality.json", told),
            self._put_bytes("quality/{folder}/index.html", page, {"content-type": "text/html"}),
        ]

    def _numbered(self, make: Callable[[Mapping[str, int]], bytes], tell: Callable[[str], None]) -> bytes:
        """The combined report, with page numbers in its contents where they are wanted and can be found out."""
        from tasks.assemble.pdf import with_page_numbers

        if not self.order.page_numbers:
            return make({})
        try:
            return with_page_numbers(make, "the combined report")
        except Failure as failure:
            tell(f"the combined report without page numbers: {failure.what}")
            return make({})

    def _put_draft(self, context: Any, data: bytes, beside: Executor) -> Callable[[], Draft]:
        """Put a draft, and have it looked through beside; what is given back waits for that."""
        from tasks.drafts import put_draft

        problems = beside.submit(_looked_through, data, f"{context.section_id}.docx")
        name = f"drafts/{self.order.folder}/{context.section_id}"
        stored = put_draft(self.store, name, context.run_id, data, context.printed, self.period.last_day)
        return lambda: Draft(
            context.section_id,
            context.title,
            stored.key,
            stored.sha256,
            tuple(context.figure_ids),
            len(context.open_findings),
            tuple(context.missing),
            stored.beside,
            stored.moved,
            tuple(f"{problem.what} Where: {problem.where}. {problem.to_do}" for problem in problems.result()),
        )

    def _get(self, reference: Reference) -> Any:
        return json.loads(self._bytes(reference))

    def _bytes(self, reference: Reference) -> bytes:
        data = self.store.get(reference.key)
        if hashlib.sha256(data).hexdigest() != reference.sha256:
            if isinstance(self.store, Claimed):
                self.store.refuse_if_lost()  # which says more: another run began, and that one counts
            raise Refused(
                "A result of this run was replaced while the run was going.",
                where=reference.key,
                why="Two runs of the same period at once would mix their figures.",
                to_do="Wait until the other run has ended, then run again.",
            )
        return data

    def _kept(self, key: str) -> Any:
        return json.loads(self.store.get(key.format(folder=self.order.folder)))

    def _told(self, gathered: Reference, verdicts: Reference, register: Reference) -> Results:
        """What the quality page and its annex say."""
        from tasks.quality import Seen, results

        own = Seen(self.period, self.gathered(gathered).files, self.verdicts(verdicts))
        return results(self.partnership, self.period, [*self.earlier.seen(), own], self.register(register).findings)


def _looked_through(data: bytes, name: str) -> tuple[Problem, ...]:
    """What keeps somebody from reading a draft. It is looked for by the process that reads, which has nothing to do."""
    from tasks.assemble.accessible import problems_of
    from tasks.gather import apart

    try:
        return apart.run(problems_of, data, name)
    except apart.Died:
        raise Failure(
            "A draft could not be looked through for what keeps people from reading it.",
            where=name,
            why="No draft is handed on that nothing has looked through.",
            to_do="Run it again; if it breaks off there again, tell whoever looks after the system.",
        ) from None


def _as_bytes(value: object) -> bytes:
    return plain.to_json(value).encode()


@lru_cache(maxsize=8)
def _as_it_was(kind: Any, data: bytes) -> Any:
    """A frozen value from what was kept of it. Several stages ask for the same: it is read once."""
    return plain.from_json(kind, data.decode())


def _counts(outcomes: Iterable[str]) -> dict[str, int]:
    counts = {"passed": 0, "failed": 0, "not_evaluated": 0}
    for outcome in outcomes:
        counts[outcome] += 1
    return counts
