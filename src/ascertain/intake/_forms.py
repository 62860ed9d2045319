"""Which sidecars an export has, and which file each of their claims is about.

A tool's names for its files differ from the names in an export (folders of the machine on which it ran): a file is found by its whole
name, else beside the sidecar, else by its last part where only one file has it.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from ascertain.intake._claims import Claim, Claims, hash_of, known_hash, words

SIDECAR_BYTES = 50_000_000  # a longer file is no sidecar
DEEPEST = 4  # media inside the properties of media
DATAPACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
WACZ, AUTO_ARCHIVER, ATLOS, BAYANAT = "WACZ", "auto-archiver", "Atlos", "Bayanat"
Read = Callable[[str], bytes]
Found = Iterator[tuple[str, Claim]]  # under the name that the tool gives


def is_sidecar(name: str) -> bool:
    """Whether a file of this name may say something about the others."""
    return name.lower().endswith((".json", ".csv"))


def claims_of(names: Collection[str], read: Read) -> Claims:
    """What the sidecars among some files say about them.

    Args:
        names: of all files, parts joined by `/`.
        read: gives a sidecar's bytes, none where it can't be had.
    """
    if DATAPACKAGE in names:
        return _wacz(names, read)
    tool: str | None = None
    files: dict[str, Claim] = {}
    missing: list[str] = []
    for sidecar in sorted(filter(is_sidecar, names)):
        value = _loaded(read(sidecar), sidecar)
        for form in (_auto_archiver, _atlos, _bayanat):
            for told, claim in form(value, sidecar, names, read):
                tool = claim.tool
                name = _named(told, sidecar, names)
                if name is None:
                    missing.append(told)
                elif name not in files or not files[name].hashes:
                    files[name] = claim
    return Claims(tool, files, tuple(dict.fromkeys(missing)))


def _loaded(data: bytes, name: str) -> Any:
    """A sidecar's value: of JSON, or the rows of a table; None where it is neither."""
    try:
        text = data.decode("utf-8-sig")
        if name.lower().endswith(".csv"):
            return list(csv.DictReader(io.StringIO(text, newline="")))
        return json.loads(text)
    except (ValueError, RecursionError, csv.Error):
        return None


def _named(told: str, sidecar: str, names: Collection[str]) -> str | None:
    """The file that a tool speaks of."""
    parts = PurePosixPath(told.replace("\\", "/"))
    beside = (PurePosixPath(sidecar).parent / parts.name).as_posix()
    if told in names or beside in names:
        return told if told in names else beside
    same = [name for name in names if PurePosixPath(name).name == parts.name]
    return same[0] if len(same) == 1 else None


# --- WACZ: https://specs.webrecorder.net/wacz/1.1.1/


def _wacz(names: Collection[str], read: Read) -> Claims:
    package = _loaded(read(DATAPACKAGE), DATAPACKAGE)
    if not isinstance(package, dict):
        return Claims(WACZ, notes=(f"{DATAPACKAGE} can't be read: no hash is checked.",))
    about = words(
        (key, package.get(key)) for key in ("title", "description", "created", "modified", "software", "mainPageUrl", "mainPageDate")
    )
    files, missing = {}, []
    resources = package.get("resources")
    for one in resources if isinstance(resources, list) else []:
        path = one.get("path") if isinstance(one, dict) else None
        if not isinstance(path, str):
            continue
        size = one.get("bytes")
        claim = Claim(WACZ, hash_of(one.get("hash")), size if isinstance(size, int) and not isinstance(size, bool) else None, about)
        files[path] = claim
        if path not in names:
            missing.append(path)
    notes = [f"{DATAPACKAGE} does not name {name}." for name in sorted(names) if name not in files and name not in {DATAPACKAGE, DIGEST}]
    if DIGEST in names:
        digest = _loaded(read(DIGEST), DIGEST)
        files[DATAPACKAGE] = Claim(WACZ, hash_of(digest.get("hash")) if isinstance(digest, dict) else ())
    return Claims(WACZ, files, tuple(missing), tuple(notes))


# --- auto-archiver: `Metadata` and `Media` as JSON (json_enricher) or in a table (csv_db), hashes by hash_enricher


def _auto_archiver(value: Any, sidecar: str, _names: Collection[str], _read: Read) -> Found:
    for record in _archived(value):
        metadata = record["metadata"] if isinstance(record["metadata"], dict) else {}
        about = words((key, metadata.get(key)) for key in ("url", "title", "timestamp", "author", "upload_date", "_processed_at"))
        about |= words([("status", record.get("status"))])
        for media in _media(record["media"], DEEPEST):
            properties = media.get("properties")
            told = properties if isinstance(properties, dict) else {}
            name = str(media.get("key") or media.get("filename"))
            if PurePosixPath(name).name != PurePosixPath(sidecar).name:
                urls = media.get("urls")
                stored = {"stored_at": urls[0]} if isinstance(urls, list) and urls and isinstance(urls[0], str) else {}
                source = words((key, told.get(key)) for key in ("src", "id", "source"))
                yield name, Claim(AUTO_ARCHIVER, hash_of(told.get("hash")), None, {**about, **source, **stored})


def _archived(value: Any) -> Iterator[dict[str, Any]]:
    """Records of auto-archiver: one as JSON, or the rows of its table, whose cells are Python's own notation."""
    if isinstance(value, dict) and {"status", "metadata", "media"} <= set(value) and isinstance(value["media"], list):
        yield value
    for row in value if isinstance(value, list) else ():
        if isinstance(row, dict) and {"status", "metadata", "media"} <= set(row):
            media, metadata = _literal(row["media"]), _literal(row["metadata"])
            if isinstance(media, list):
                yield {"status": row["status"], "metadata": metadata if isinstance(metadata, dict) else {}, "media": media}


def _literal(cell: object) -> Any:
    try:
        return ast.literal_eval(str(cell)) if len(str(cell)) < SIDECAR_BYTES else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):  # a time in it is no literal
        return None


def _media(listed: Any, deepest: int) -> Iterator[dict[str, Any]]:
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and isinstance(one.get("filename"), str):
            yield one
            properties = one.get("properties")
            if deepest and isinstance(properties, dict):
                for inner in properties.values():
                    yield from _media(inner if isinstance(inner, list) else [inner], deepest - 1)


# --- Atlos: a full export has for each source of an incident a folder with `metadata.json` and files TYPE_SLUG-NUMBER.ENDING


def _atlos(value: Any, sidecar: str, names: Collection[str], read: Read) -> Found:
    if not isinstance(value, dict) or not isinstance(value.get("artifacts"), list) or "source_url" not in value:
        return
    folder = PurePosixPath(sidecar).parent
    about = words((key, value.get(key)) for key in ("source_url", "id", "scoped_id", "status", "upload_type", "inserted_at"))
    here = {name: PurePosixPath(name).name for name in names if PurePosixPath(name).parent == folder and name != sidecar}
    taken: set[str] = set()
    for artifact in value["artifacts"]:
        if not isinstance(artifact, dict):
            continue
        claimed = known_hash("sha256", artifact.get("file_hash_sha256"))
        ending = PurePosixPath(str(artifact.get("file_location") or "")).suffix
        may_be = [
            name for name, last in sorted(here.items())
            if last.startswith(f"{artifact.get('type')}_") and last.endswith(ending) and name not in taken
        ]  # fmt: skip
        name = _which(may_be, claimed, read) or f"{folder}/{artifact.get('type')}_…{ending}"
        taken.add(name)
        size = artifact.get("file_size")
        more = words((key, artifact.get(key)) for key in ("title", "mime_type", "inserted_at"))
        yield (
            name,
            Claim(
                ATLOS, claimed, size if isinstance(size, int) and size > 0 else None, about | {f"artifact_{k}": v for k, v in more.items()}
            ),
        )


def _which(names: list[str], claimed: tuple[tuple[str, str], ...], read: Read) -> str | None:
    """Of several files of one kind the one with the hash; else the first, whose claim then does not hold."""
    if len(names) > 1 and claimed:
        same = [name for name in names if hashlib.sha256(read(name)).hexdigest() == claimed[0][1]]
        return (same or names)[0]
    return names[0] if names else None


# --- Bayanat: {"bulletins": [{…, "medias": [{"filename", "etag", …}]}]}; the entity tag is the MD5 of the file


def _bayanat(value: Any, _sidecar: str, _names: Collection[str], _read: Read) -> Found:
    for row in bayanat_rows(value):
        about = words(
            (key, row.get(key))
            for key in ("class", "id", "title", "originid", "source_link", "publish_date", "documentation_date", "status")
        )
        for media in row.get("medias") or []:
            if isinstance(media, dict) and isinstance(media.get("filename"), str):
                more = words((f"media_{key}", media.get(key)) for key in ("id", "title", "fileType", "updated_at"))
                yield media["filename"], Claim(BAYANAT, known_hash("md5", media.get("etag")), None, about | more)


def bayanat_rows(value: Any) -> list[Mapping[str, Any]]:
    """The bulletins, actors or incidents of an export; empty where it is none."""
    if not isinstance(value, dict) or len(value) != 1:
        return []
    [(kind, rows)] = value.items()
    if kind not in {"bulletins", "actors", "incidents"} or not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, dict)]
