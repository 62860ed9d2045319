"""A case as people use it: the Python face of one folder.

import ascertain

with ascertain.Case.create("bucha", collector="A. Investigator") as case:
    case.add("reports/")
    case.run()
    for incident in case.incidents().incidents:
        print(incident.title)
    case.report("report")
    case.export("bucha.zip")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import attrs

from ascertain import extract, pipeline, preserve, review
from ascertain._version import TOOL
from ascertain.config import Settings, load_settings
from ascertain.errors import CaseError
from ascertain.models import load_models
from ascertain.parse import Parsed, checked_columns
from ascertain.records import Dated, Decision, Document, Findings, Outcome, Reading, Standing, overall_status
from ascertain.store import Protection, SearchHit, Store

if TYPE_CHECKING:
    from ascertain.preserve import Collected
    from ascertain.publish import Bound, Closed, Logged, StampRequest, Wanted


def utc_now() -> str:
    """The machine's clock as ISO 8601 UTC to the second: the only clock of the package."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def case_folder(folder: str | Path) -> Path:
    """The folder of a case.

    Raises:
        CaseError: there is no case in it.
    """
    path = Path(folder)
    if not (path / "ascertain.toml").is_file():
        raise CaseError(f"{path} holds no case", advice=f"Make one with `ascertain init {path}`.")
    return path


@attrs.frozen
class CaseStatus:
    """What came in and how it ended.

    Attributes:
        originals: in = done + failed + waiting.
        waiting: originals that no stage, or only an older version, has worked on.
        failures: outcomes with reason and advice.
        problems: sentences where custody does not hold; empty otherwise.
        stamps: requests for time stamps: waiting, stamped, failed.
        bounds: what stamps and witnesses say about when records were logged.
    """

    name: str
    originals: int
    captures: int
    done: int
    failed: int
    waiting: int
    documents: int
    statements: int
    events: int
    incidents: dict[str, int]
    decisions: int
    log_size: int
    signer: str
    key_fingerprint: str
    versions: dict[str, str]
    failures: tuple[Outcome, ...] = ()
    problems: tuple[str, ...] = ()
    stamps: tuple[StampRequest, ...] = ()
    bounds: tuple[Bound, ...] = ()


class Case:
    """An open case; a context manager, since it holds the folder's lock."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], str] = utc_now) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock

    @classmethod
    def create(cls, folder: str | Path, *, name: str | None = None, collector: str, clock: Callable[[], str] = utc_now) -> Self:
        """Make a new case in a folder that doesn't exist or is empty.

        Raises:
            CaseError: there is something in the folder.
        """
        path = Path(folder)
        Store.create(path, name=name or path.resolve().name, collector=collector, now=clock()).close()
        return cls.open(path, clock=clock)

    @classmethod
    def open(
        cls, folder: str | Path, *, wait_seconds: float | None = None, read_only: bool = False, clock: Callable[[], str] = utc_now
    ) -> Self:
        """Open a case; waits for another process that holds it, at most `wait_seconds` (None: as long as it takes).

        Raises:
            CaseError: there is no case in the folder, or it is newer than this version.
            CaseBusyError: another process still holds it.
        """
        path = case_folder(folder)
        settings = load_settings(path)
        return cls(Store.open(path, wait_seconds=wait_seconds, read_only=read_only), settings, clock)

    def close(self) -> None:
        """Give the folder back."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # what goes in

    def add(
        self, *sources: str | Path, collector: str | None = None, allow_private: bool = False, ignore_robots: str | None = None,
        columns: str | None = None, progress: pipeline.Progress | None = None,
    ) -> tuple[Collected, ...]:  # fmt: skip
        """Preserve files, folders, web addresses or `-` (standard input); each comes back with its digest or its error.

        Args:
            collector: who collects (None: the case's collector).
            allow_private: let web addresses lead to private machines.
            ignore_robots: why what a site's robots.txt says is passed over, which is logged; None: it is kept to.
            columns: which column of a table is what, `text=body,published=date`; None for the usual names.

        Raises:
            UsageError: `columns` is malformed, or `ignore_robots` gives no reason.
        """
        report = progress or pipeline.no_progress
        about = preserve.Circumstances(
            collector or self.store.collector, self.clock, TOOL, allow_private, self.settings, checked_columns(columns), ignore_robots
        )
        taken = preserve.collect(self.store, [str(s) for s in sources], about, progress=lambda done, total: report("preserve", done, total))
        self.store.checkpoint()
        return taken

    def run(self, *, jobs: int | None = None, progress: pipeline.Progress | None = None) -> pipeline.Summary:
        """Parse, extract, link and assess what is new or changed."""
        return pipeline.run(
            self.store, settings=self.settings, jobs=jobs or self.settings.jobs, clock=self.clock, progress=progress or pipeline.no_progress
        )

    def delete(self, wanted: str, *, reason: str, by: str) -> tuple[str, ...]:
        """Delete an item with its parts; the log keeps a tombstone with the reason, the captures keep the hashes. Gives the digests.

        Args:
            wanted: a path under which it came in, or the first digits of its SHA-256.

        Raises:
            UsageError: nothing or several things are named so, there is no reason, or its bytes lie in a container that stays.
        """
        gone = preserve.to_delete(self.store, wanted, reason=reason)
        for digest in gone:  # parts first: where a kill comes between, the same command goes on
            self.store.delete(digest, reason=reason, by=by)
        pipeline.find_again(self.store)
        self.store.scrub()
        self.store.checkpoint()
        return gone

    def decide(self, choice: review.Choice) -> Decision:
        """Keep a reviewer's decision and assess again under it.

        Raises:
            UsageError: the choice doesn't fit the case.
        """
        decision = review.make_decision(
            choice, findings=self.incidents(), readings=self.readings(), decisions=self.store.decisions(), decided_at=self.clock()
        )
        self.store.add_decision(decision)
        pipeline.find_again(self.store)
        self.store.checkpoint()
        return decision

    # what is in it

    def documents(self) -> tuple[Document, ...]:
        """All documents, in order of arrival."""
        return self.store.documents()

    def readings(self) -> tuple[Reading, ...]:
        """All readings, in order of their documents' ids."""
        return tuple(sorted(self.store.readings(), key=lambda r: r.document.id))

    def incidents(self) -> Findings:
        """The findings of the last run, with people's decisions laid over them; empty before the first run."""
        return self.store.findings() or Findings()

    def without_home(self) -> tuple[Decision, ...]:
        """Decisions that stand, but whose passages no incident holds now."""
        decisions = self.store.decisions()
        return review.without_home(decisions, self.incidents().incidents, self.store.readings()) if decisions else ()

    def search(self, words: str, *, limit: int = 50) -> list[SearchHit]:
        """Full text over documents, statements and events."""
        return self.store.search(words, limit=limit)

    def status(self, *, check: bool = False) -> CaseStatus:
        """Count what came in and how it ended; with `check` every original and the log are hashed again."""
        from ascertain.publish import bounds_of, problems_of_heads

        originals, counts = self.store.originals(), self.store.counts()
        failed = [o for o in pipeline.last_outcomes(self.store) if o.state == "failed"]
        finished = pipeline.finished(self.store, settings=self.settings)
        findings = self.incidents()
        counted: dict[str, int] = {}
        for incident in findings.incidents:
            worst = str(overall_status(incident.facts))
            counted[worst] = counted.get(worst, 0) + 1
        return CaseStatus(
            name=self.store.name, originals=len(originals), captures=counts["capture"], done=len(finished), failed=len(failed),
            waiting=len(originals) - len(finished) - len(failed), documents=counts["document"],
            statements=counts["statement"], events=counts["event"], incidents=counted, decisions=counts["decision"], log_size=self.store.log_size(), signer=self.store.signer,
            key_fingerprint=self.store.key_fingerprint, versions=pipeline.versions(), failures=tuple(failed),
            problems=(*self.store.check(), *problems_of_heads(self.store)) if check else (), stamps=self.stamps(), bounds=bounds_of(self.store),
        )  # fmt: skip

    def stamps(self) -> tuple[StampRequest, ...]:
        """Requests for time stamps and what came of them, in order."""
        from ascertain.publish import stamp_requests

        return stamp_requests(self.store)

    def logged(self, original: str) -> Logged | None:
        """When an original was logged: its record, the machine's clock, and the bounds by stamps and witnesses; None where it is not here."""
        from ascertain.publish import logged

        return logged(self.store, original)

    def ask_stamp(self, *, out: str | Path | None = None) -> None:
        """Make a request for a time stamp of the log's head where it has grown; `out` takes all that wait, for a courier.

        Raises:
            UsageError: there is something at `out` already, or nothing to carry.
        """
        from ascertain.publish import ask_stamp, write_courier

        ask_stamp(self.store)
        if out is not None:
            write_courier(self.store, Path(out))

    def take_stamps(self, file: str | Path, *, roots: bytes | None = None) -> tuple[StampRequest, ...]:
        """Take an authority's answers in; `roots` are its certificates (PEM) to which each has to lead.

        Raises:
            InputError: the file holds no answer to a request that waits.
        """
        from ascertain.publish import take_stamps

        return take_stamps(self.store, Path(file), roots=roots)

    def check(
        self, *, copies: Sequence[str | Path] = (), restore: bool = False, earlier: str | Path | None = None,
        progress: pipeline.Progress | None = None,
    ) -> preserve.Fixity:  # fmt: skip
        """Hash every original, record and the log again.

        Args:
            copies: other cases or dossiers from which damaged originals come back.
            earlier: a checkpoint that left this case before: the log has to go on from it.
        """
        report = progress or pipeline.no_progress
        return preserve.check_fixity(
            self.store, copies=[Path(c) for c in copies], restore=restore, earlier=None if earlier is None else Path(earlier),
            progress=lambda done, total: report("check", done, total),
        )  # fmt: skip

    # what comes out

    def report(self, out: str | Path, *, protect_names: bool = True) -> Path:
        """Write the static HTML report; gives the path of its first page."""
        from ascertain.publish import CaseContents, Guard, write_report

        protection = Protection(self.store)
        withheld = protection.withheld_items() if protect_names else {}
        if not protect_names:
            protection.refuse_unreleased(self.store.document_ids())
        contents = CaseContents(
            name=self.store.name, generated_at=self.clock(), findings=self.incidents(),
            readings=tuple(r for r in self.readings() if r.document.id not in withheld), guard=Guard.of(protection.standings().values(), protection.pseudonyms()),
            captures=self.store.captures(), decisions=self.store.decisions(), outcomes=self.store.outcomes(),
            checkpoint=self.store.checkpoint(), signer=self.store.signer, key_fingerprint=self.store.key_fingerprint,
        )  # fmt: skip
        path = write_report(Path(out), contents, protect_names=protect_names)
        self.store.record("viewed", "report", protect_names=protect_names, incidents=len(self.incidents().incidents))
        return path

    def export(self, out: str | Path, *, protect_names: bool = True) -> Path:
        """Write the dossier of the whole case: a BagIt folder, or one ZIP file where `out` ends in `.zip`.

        Raises:
            StoreError: something protected would leave that no two persons have released.
        """
        from ascertain.publish import export_dossier

        def report(folder: Path) -> None:
            self.report(folder, protect_names=protect_names)

        return export_dossier(self.store, Path(out), report=report, generated_at=self.clock(), tool=TOOL)

    def export_part(self, out: str | Path, wanted: Wanted) -> Closed | None:
        """Write the dossier of some incidents or documents, or a protected one; gives what a protected one holds back.

        Raises:
            UsageError: nothing of that name is in the case.
            StoreError: something protected would leave that no two persons have released.
        """
        from ascertain.publish import export_part

        return export_part(self.store, Path(out), wanted, generated_at=self.clock(), tool=TOOL)

    def classify(self, wanted: review.Classing) -> Standing:
        """Keep somebody's word about how sensitive something is; gives what all such words about it come to.

        Raises:
            UsageError: there is no such thing in the case, or this person may not say so.
        """
        mark = review.make_mark(wanted, documents=self.documents(), originals=self.store.originals(), at=self.clock())
        standing = Protection(self.store).add(mark)
        self.store.checkpoint()
        return standing


def read(text: str, *, published: str | None = None, path: str = "text.txt") -> Reading:
    """Read one text: who said what, how sure they were, and what is said to have happened.

    Args:
        text: the whole text, unchanged.
        published: its date, ISO 8601; None lets the text tell.
        path: the name under which it stands in the reading.

    Raises:
        InputError: a model or the gazetteer is missing.
    """
    return read_one(text.encode("utf-8"), path=path, published=published, media_type="text/plain")


def read_one(data: bytes, *, path: str, published: str | None = None, media_type: str | None = None) -> Reading:
    """Read the bytes of one document (no container); raises what `parse` and `extract` raise."""
    import hashlib

    from ascertain.parse import parse

    parsed: Parsed = parse(data, digest=hashlib.sha256(data).hexdigest(), path=path, media_type=media_type)
    if parsed.document is None:
        raise CaseError(f"{path} is a container", advice="Add it to a case, or read its parts.")
    return extract.extract(dated(parsed.document, published), load_models())


def dated(document: Document, published: str | None) -> Document:
    """The document with a date that somebody gave; unchanged for None."""
    return document if published is None else attrs.evolve(document, published=Dated(published))
