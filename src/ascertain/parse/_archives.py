"""ZIP, tar, gzip and bzip2: their files are parts; nothing is ever written to a path that an archive names."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

from ascertain.errors import InputError, LimitError
from ascertain.intake import MISMATCH, SIDECAR_BYTES, Claims, claims_of
from ascertain.parse._parsed import Limits, Parsed, Parts, Source, harmless_name

BOMB_FROM_BYTES = 1_000_000
BLOCK_BYTES = 64 * 1024
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def parse_zip(source: Source) -> Parsed:
    """A ZIP or WACZ; of a WACZ only its web archives are parts. What another tool says about its files is checked, and told as its claim."""
    parts = Parts(source)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir() and not _beside_the_point(entry.filename)]
            claims = _claims({entry.filename: entry for entry in entries}, packed)
            for entry in entries:
                _take(packed, entry, parts, source, claims)
    except DAMAGED as error:
        raise InputError(
            f"{source.path} is a damaged ZIP: {error}"[:300], advice="Unpack it with another program and add the files."
        ) from error
    _tell(claims, parts)
    return parts.parsed()


def _claims(entries: Mapping[str, zipfile.ZipInfo], packed: zipfile.ZipFile) -> Claims:
    """What the sidecars in a ZIP say about its other files."""

    def read(name: str) -> bytes:
        entry = entries[name]
        if entry.flag_bits & 1 or entry.file_size > SIDECAR_BYTES or _is_bomb(entry, Limits().max_ratio):
            return b""
        try:
            with packed.open(entry) as stream:
                return stream.read(SIDECAR_BYTES)
        except DAMAGED:
            return b""

    return claims_of(entries, read)


def _tell(claims: Claims, parts: Parts) -> None:
    """Say what an export names and does not have."""
    for name in claims.missing:
        parts.note(f"{claims.tool} names {harmless_name(name)}, which is not in it.")
    for note in claims.notes:
        parts.note(note)


def _is_bomb(entry: zipfile.ZipInfo, most: int) -> bool:
    return entry.file_size > BOMB_FROM_BYTES and entry.file_size > most * max(1, entry.compress_size)


def _take(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, parts: Parts, source: Source, claims: Claims) -> None:
    if entry.flag_bits & 1:
        parts.leave_out(entry.filename, "it is encrypted")
        return
    if stat.S_ISLNK(entry.external_attr >> 16):
        parts.leave_out(entry.filename, "it is a link")
        return
    if _is_bomb(entry, source.limits.max_ratio) or entry.file_size > parts.room:
        raise LimitError(
            f"{source.path} holds an entry that unpacks to {entry.file_size:,} bytes", advice="Unpack it by hand and add its files."
        )
    try:
        with packed.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except DAMAGED as error:
        parts.leave_out(entry.filename, f"it is damaged ({type(error).__name__})")
        return
    _add(entry.filename, data, parts, claims)


def _add(name: str, data: bytes, parts: Parts, claims: Claims) -> None:
    """Take a file in with what the export says about it; of a WACZ the web archives alone, the others are only checked."""
    context = claims.context(name, data)
    if MISMATCH in context:
        parts.note(f"{harmless_name(name)} is not what was exported: {context[MISMATCH]}.")
    beside = claims.tool == "WACZ" and not name.endswith((".warc", ".warc.gz"))
    if data and not beside and not (claims.tool == "Atlos" and name.endswith("/updates.json")):  # who changed what in Atlos
        parts.add(name, data, context=context)


def _beside_the_point(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith(".") and part not in {".", ".."} for part in parts) or parts[0] == "__MACOSX"


def parse_tar(source: Source) -> Parsed:
    """A tar; links and devices are left out and said."""
    parts = Parts(source)
    files: dict[str, bytes] = {}
    room = parts.room
    broken = False
    try:
        with tarfile.open(fileobj=io.BytesIO(source.data), mode="r:") as packed:
            for entry in packed:
                if entry.isdir():
                    continue
                stream = packed.extractfile(entry) if entry.isreg() else None
                if stream is None:
                    parts.leave_out(entry.name, "it is a link or a device")
                elif entry.size > room:
                    raise LimitError(f"{source.path} holds a file of {entry.size:,} bytes", advice="Unpack it by hand and add its files.")
                elif entry.size:
                    files[entry.name] = stream.read(entry.size)
                    room -= entry.size
    except DAMAGED as error:
        if not files:
            raise InputError(f"{source.path} is a damaged tar", advice="Unpack it with another program and add the files.") from error
        broken = True
    claims = claims_of(files, lambda name: files[name])
    for name, data in files.items():
        _add(name, data, parts, claims)
    if broken:
        parts.note(f"the tar breaks off after {len(files)} files.")
    _tell(claims, parts)
    return parts.parsed()


def parse_compressed(source: Source) -> Parsed:
    """One compressed file: what it holds is its part. A compressed web archive is many members, which is fine."""
    data, whole = unpacked(source.data, source.media_type, limits=source.limits, path=source.path)
    if not data:
        raise InputError(f"{source.path} is empty once unpacked", advice="Check how it was made.")
    name = source.path.rsplit("/", 1)[-1]
    for ending, instead in ((".tgz", ".tar"), (".gz", ""), (".bz2", "")):
        if name.lower().endswith(ending):
            name = name[: -len(ending)] + instead
            break
    parts = Parts(source)
    parts.add(name or "unnamed", data)
    if not whole:
        parts.note(f"the compressed file breaks off after {len(data):,} bytes.")
    return parts.parsed()


def unpacked(data: bytes, media_type: str, *, limits: Limits, path: str) -> tuple[bytes, bool]:
    """What a gzip or bzip2 file holds, and whether it was whole: of a damaged one what stands before the damage.

    Raises:
        InputError: nothing can be unpacked.
        LimitError: it unpacks to more than the limits allow.
    """
    limit = min(limits.max_child_bytes, max(BOMB_FROM_BYTES, limits.max_ratio * len(data)))
    opener = gzip.open if media_type == "application/gzip" else bz2.open
    found = io.BytesIO()
    try:
        with opener(io.BytesIO(data)) as stream:
            while found.tell() <= limit and (block := stream.read1(BLOCK_BYTES)):
                found.write(block)
        whole = True
    except DAMAGED as error:
        whole = False
        if not found.tell():
            raise InputError(
                f"{path} is a damaged compressed file: {type(error).__name__}", advice="Unpack it with another program."
            ) from error
    if found.tell() > limit:
        raise LimitError(f"{path} unpacks to more than {limit:,} bytes", advice="Unpack it by hand and add the file.")
    return found.getvalue(), whole
