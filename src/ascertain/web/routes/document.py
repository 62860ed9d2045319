"""Documents: the list, the marked text beside the original, custody, and the check of one original against the log."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import msgspec
from starlette.responses import RedirectResponse, Response

from ascertain.custody import parse_checkpoint
from ascertain.errors import CustodyError, UnsupportedInputError, UsageError
from ascertain.publish import parts as words
from ascertain.records import Reading, Span, Stance
from ascertain.review import Amendment, apply_amendments, standing
from ascertain.web._asked import Asked, Handler, NotThereError, address, in_path
from ascertain.web._book import desk_book, shielded
from ascertain.web._decide import amend, amendments_of, undo_amendment
from ascertain.web._render import page
from ascertain.web._restrict import add_restriction
from ascertain.web._statements import amendable, amended_alike
from ascertain.web.routes.incident import add_note

PAGE = 100
ENTRIES = 40  # records of the custody log that the page shows
REVIEWED = re.compile(r"/review/[\w%.-]+/[a-z_]+")  # where somebody amended a statement without leaving the queue
WEB_TYPES = {"text/html", "application/xhtml+xml"}
# The original is hostile: nothing in it runs, sends, opens, or leaves its frame.
FRAME_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)


def documents(asked: Asked) -> Response:
    """The list."""
    number = asked.page_number()
    rows, total = asked.bench.queries.documents(
        words=asked.query("q"), hidden=asked.hidden_documents, limit=PAGE, offset=(number - 1) * PAGE
    )
    return page(asked, "documents.html", rows=rows, total=total, number=number, pages=max(1, -(-total // PAGE)), q=asked.query("q") or "",
                hidden=0)  # fmt: skip


def document(asked: Asked) -> Response:
    """One document."""
    made = reading_of(asked)
    amendments = amendments_of(asked.bench.desk, asked.key)
    reading = apply_amendments([made], amendments)[0]
    shown = words.document_page(desk_book(asked, [reading]), reading, claimed=[span] if (span := _span(asked)) else [])
    kind = reading.document.media_type or "text/plain"
    entries = _entries(asked)
    return page(
        asked, "document.html", reading=reading, shown=shielded(shown, asked.account), kind=kind,
        incidents=asked.bench.queries.incidents_of_document(asked.key, asked.hidden_incidents),
        web=kind in WEB_TYPES, pdf=kind == "application/pdf", copies=_copies(asked, reading), path=in_path(asked.key), checked=None,
        notes=asked.bench.people.notes("document", asked.key), restriction=next(iter(asked.bench.restrictions("document").get(asked.key, ())), None),
        statements=amendable(made, amendments), opened=asked.query("amend"), alike=amended_alike(asked, asked.query("amended")),
        stances=[s.value for s in Stance], amendments=amendments, valid={d.id for d in standing(amendments)}, busy=asked.bench.work.busy(),
        entries=entries[:ENTRIES], entries_left=len(entries[ENTRIES:]),
    )  # fmt: skip


def _entries(asked: Asked) -> list[dict[str, Any]]:
    """What the custody log says of the document, views apart: that is the audit's."""
    found = [msgspec.json.decode(leaf) for leaf in asked.bench.desk.log_about(asked.key)]
    return [entry for entry in found if entry["action"] not in {"viewed", "searched"}]


def reading_of(asked: Asked) -> Reading:
    """The reading of the document in the path; of one that was not read yet, an empty one.

    Raises:
        NotThereError: there is no such document.
    """
    found = asked.bench.desk.reading(asked.key)
    if found is None:
        unread = asked.bench.desk.document(asked.key)
        if unread is None:
            raise NotThereError(f"there is no document {asked.key[:16]}", advice="Look at the list of documents.")
        return Reading(unread)
    return found


def document_amend(asked: Asked) -> Response:
    """Change who says a statement, with which stance, or which words it covers."""
    reading, desk = reading_of(asked), asked.bench.desk
    stance = asked.field("stance")
    start, end = asked.number_field("start"), asked.number_field("end")
    amendment = Amendment(
        asked.field("statement"), asked.account.name, asked.field("reason"), speaker=asked.field("speaker"),
        stance=Stance(stance) if stance in set(Stance) else None, content=Span(start, end) if start is not None and end is not None else None,
    )  # fmt: skip
    made = amend(desk, reading, amendment, seen=asked.number_field("seen") or 0, clock=asked.bench.clock)
    if made is None:
        raise UsageError("somebody else has amended this document meanwhile", advice="Nothing of yours was kept: look at it again.")
    asked.bench.work.put("relink", by=asked.account.name)
    if REVIEWED.fullmatch(asked.field("back")):
        return RedirectResponse(address(asked.field("back"), {"amended": made.id}), 303)
    return RedirectResponse(address(f"/document/{in_path(asked.key)}", {"amended": made.id}) + "#amend", 303)


def document_undo(asked: Asked) -> Response:
    """Take back an amendment."""
    reading_of(asked)
    undo_amendment(
        asked.bench.desk, asked.key, asked.field("decision"), reviewer=asked.account.name, reason=asked.field("reason"), clock=asked.bench.clock
    )  # fmt: skip
    asked.bench.work.put("relink", by=asked.account.name)
    return RedirectResponse(f"/document/{in_path(asked.key)}#amend", 303)


def _span(asked: Asked) -> Span | None:
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", asked.query("at") or "")
    return Span(int(found[1]), int(found[2])) if found and int(found[1]) < int(found[2]) else None


def _copies(asked: Asked, reading: Reading) -> list[dict[str, str]]:
    """Documents that carry the same text, as the last run found them."""
    groups = msgspec.json.decode(asked.bench.rows.state().get("copies", "[]"), type=list[list[str]])
    paths = {path for group in groups if reading.document.path in group for path in group} - {reading.document.path}
    known = asked.bench.queries.documents_at(tuple(sorted(paths)))
    return [{"path": row["path"], "id": row["id"]} for row in known if row["id"] not in asked.hidden_documents]


def document_original(asked: Asked) -> Response:
    """The original of a web page, for the sandboxed frame: without scripts, network or the name of our site."""
    reading = reading_of(asked)
    if reading.document.media_type not in WEB_TYPES:
        raise UnsupportedInputError("this original is no web page", advice="Download it instead.")
    data = asked.bench.desk.original_bytes(asked.key)
    headers = {"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(data, media_type="text/html", headers=headers)


def document_page(asked: Asked) -> Response:
    """One page of a PDF as a picture."""
    reading_of(asked)
    data = asked.bench.desk.original_bytes(asked.key)
    picture, _ = asked.bench.drawer.page(asked.key, data, int(asked.request.path_params["number"]))
    return Response(picture, media_type="image/png")


def document_download(asked: Asked) -> Response:
    """The original's bytes; never shown by the browser."""
    reading_of(asked)
    data = asked.bench.desk.original_bytes(asked.key)
    headers = {
        "Content-Disposition": f'attachment; filename="{asked.key[:16]}.original"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(data, media_type="application/octet-stream", headers=headers)


def document_verify(asked: Asked) -> Response:
    """Hash the original again and look its records up in the log."""
    reading = reading_of(asked)
    return page(
        asked,
        "verified.html",
        path=in_path(asked.key),
        steps=_checked(asked, reading),
        title=reading.document.title or reading.document.path,
    )


def _checked(asked: Asked, reading: Reading) -> list[tuple[bool, str]]:
    desk, steps = asked.bench.desk, []
    try:
        desk.original_bytes(asked.key)
        steps.append((True, f"The original's bytes hash to {asked.key}."))
    except CustodyError as error:
        steps.append((False, f"{error} {error.advice}"))
    entries = [msgspec.json.decode(leaf) for leaf in desk.log_about(asked.key)]
    logged = {value for entry in entries for value in entry["parameters"].values() if isinstance(value, str)}
    for kind in ("document", "reading"):
        record = desk.record_digest(kind, asked.key)
        if record is not None:
            steps.append(
                (record in logged, f"The {kind} is {'as' if record in logged else 'not as'} the custody log recorded it ({record[:16]}…).")
            )
    text = sha256(reading.document.text.encode("utf-8", "surrogatepass")).hexdigest()
    steps.append((text in logged, f"The text is {'the one' if text in logged else 'not the one'} that was parsed from it ({text[:16]}…)."))
    try:
        head = parse_checkpoint(desk.checkpoint())
        steps.append(
            (
                True,
                f"The log of {head.size:,} records was signed just now; its first entry about this original is number {entries[0]['number']:,}.",
            )
        )
    except (CustodyError, IndexError) as error:
        steps.append((False, f"The log does not hold: {error}"))
    return steps


def document_note(asked: Asked) -> Response:
    """Keep a note."""
    reading_of(asked)
    add_note(asked, "document")
    return RedirectResponse(f"/document/{in_path(asked.key)}#notes", 303)


def document_restrict(asked: Asked) -> Response:
    """Keep the document from all but the chosen roles and people, or open it again."""
    reading_of(asked)
    add_restriction(asked, "document")
    return RedirectResponse(f"/document/{in_path(asked.key)}", 303)


HANDLERS: dict[str, Handler] = {
    "documents": documents, "document": document, "document_original": document_original, "document_page": document_page,
    "document_amend": document_amend,
    "document_undo": document_undo,
    "document_download": document_download, "document_verify": document_verify, "document_note": document_note,
    "document_restrict": document_restrict,
}  # fmt: skip
