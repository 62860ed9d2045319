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

from ascertain.errors import InputError, LimitError
from ascertain.parse._parsed import Limits, Parsed, Parts, Source

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
    """A ZIP or WACZ; of a WACZ only its web archives are parts."""
    parts = Parts(source)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as packed:
            entries = packed.infolist()
            wacz = source.media_type == "application/wacz" or any(e.filename == "datapackage.json" for e in entries)
            for entry in entries:
                if entry.is_dir() or _beside_the_point(entry.filename):
                    continue
                if wacz and not entry.filename.endswith((".warc", ".warc.gz")):
                    continue
                _take(packed, entry, parts, source)
    except DAMAGED as error:
        raise InputError(
            f"{source.path} is a damaged ZIP: {error}"[:300], advice="Unpack it with another program and add the files."
        ) from error
    return parts.parsed()


def _take(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, parts: Parts, source: Source) -> None:
    if entry.flag_bits & 1:
        parts.leave_out(entry.filename, "it is encrypted")
        return
    if stat.S_ISLNK(entry.external_attr >> 16):
        parts.leave_out(entry.filename, "it is a link")
        return
    bomb = entry.file_size > BOMB_FROM_BYTES and entry.file_size > source.limits.max_ratio * max(1, entry.compress_size)
    if bomb or entry.file_size > parts.room:
        raise LimitError(
            f"{source.path} holds an entry that unpacks to {entry.file_size:,} bytes", advice="Unpack it by hand and add its files."
        )
    try:
        with packed.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except DAMAGED as error:
        parts.leave_out(entry.filename, f"it is damaged ({type(error).__name__})")
        return
    if data:
        parts.add(entry.filename, data)


def _beside_the_point(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith(".") and part not in {".", ".."} for part in parts) or parts[0] == "__MACOSX"


def parse_tar(source: Source) -> Parsed:
    """A tar; links and devices are left out and said."""
    parts = Parts(source)
    try:
        with tarfile.open(fileobj=io.BytesIO(source.data), mode="r:") as packed:
            for entry in packed:
                if entry.isdir():
                    continue
                stream = packed.extractfile(entry) if entry.isreg() else None
                if stream is None:
                    parts.leave_out(entry.name, "it is a link or a device")
                elif entry.size > parts.room:
                    raise LimitError(f"{source.path} holds a file of {entry.size:,} bytes", advice="Unpack it by hand and add its files.")
                elif entry.size:
                    parts.add(entry.name, stream.read(entry.size))
    except DAMAGED as error:
        if not parts.children:
            raise InputError(f"{source.path} is a damaged tar", advice="Unpack it with another program and add the files.") from error
        parts.note(f"the tar breaks off after {len(parts.children)} files.")
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
