"""A BagIt bag (RFC 8493) being filled: files written once, hashed while they are written, on disk before anybody relies on them.

As a folder, or packed as one ZIP whose every byte follows from the members (`verify.py` defines it), so that the verifier can account
for every byte of the archive.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import attrs

from ascertain.errors import StoreError, UsageError
from ascertain.publish.verify import MANIFEST, NAME, PAYLOAD, TAGMANIFEST, central_directory, listing, local_header

COPY_BYTES = 1 << 20
MAX_MEMBER_BYTES = 0xFFFFFFFE  # larger files would need another form of header


@attrs.frozen
class Bag:
    """A folder with the digests and sizes of what was written to it, by path."""

    folder: Path
    digests: dict[str, str] = attrs.field(factory=dict)
    sizes: dict[str, int] = attrs.field(factory=dict)

    def add(self, path: str, data: bytes | Iterable[bytes]) -> None:
        """Write one file.

        Raises:
            UsageError: its path could be read differently elsewhere.
        """
        if not re.fullmatch(NAME, path) or path in self.digests:
            raise UsageError(f"{path!r} can't be the name of a file in a dossier", advice="Use letters, digits, dots, hyphens, slashes.")
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        total, size = sha256(), 0
        with target.open("xb") as out:
            for part in (data,) if isinstance(data, bytes) else data:
                out.write(part)
                total.update(part)
                size += len(part)
        self.digests[path], self.sizes[path] = total.hexdigest(), size

    def adopt(self, under: str) -> None:
        """Hash the files that somebody else wrote below a folder of the bag."""
        for found in sorted((self.folder / under).rglob("*")):
            if found.is_file():
                path = found.relative_to(self.folder).as_posix()
                if not re.fullmatch(NAME, path):
                    raise UsageError(f"{path!r} can't be the name of a file in a dossier", advice="Use letters, digits, dots, hyphens.")
                with found.open("rb") as file:
                    self.digests[path] = hash_of(iter(lambda file=file: file.read(COPY_BYTES), b""))  # type: ignore[misc]  # a default binds the loop's file
                self.sizes[path] = found.stat().st_size

    def close(self) -> None:
        """Write the two manifests, and put everything on disk."""
        self.add(MANIFEST, listing({p: d for p, d in self.digests.items() if p.startswith(PAYLOAD)}))
        self.add(TAGMANIFEST, listing({p: d for p, d in self.digests.items() if not p.startswith(PAYLOAD)}))
        self.sync()

    def sync(self) -> None:
        """Put every file and folder on disk."""
        places = {""}
        for path in self.digests:
            _sync(self.folder / path)
            while path := path.rpartition("/")[0]:
                places.add(path)
        for place in sorted(places, reverse=True):
            _sync(self.folder / place)


def hash_of(parts: Iterable[bytes]) -> str:
    """SHA-256 of some bytes, hex."""
    total = sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()


def pack(bag: Bag, target: Path) -> None:
    """Write a closed bag as one ZIP; on disk when this returns.

    Members are stored as they are, in order of path: compressed bytes could be changed without changing what they unpack to.

    Raises:
        UsageError: a file is too large for this form.
    """
    members: list[tuple[str, int, int, int]] = []
    with target.open("xb") as out:
        for path in sorted(bag.digests):
            size, crc, offset = bag.sizes[path], 0, out.tell()
            if size > MAX_MEMBER_BYTES:
                raise UsageError(f"{path} is too large for a ZIP", advice="Export to a folder instead.")
            with (bag.folder / path).open("rb") as file:
                while part := file.read(COPY_BYTES):
                    crc = zlib.crc32(part, crc)
                out.write(local_header(path, size=size, crc=crc))
                file.seek(0)
                while part := file.read(COPY_BYTES):
                    out.write(part)
            members.append((path, size, crc, offset))
        out.write(central_directory(members, start=out.tell()))
        out.flush()
        os.fsync(out.fileno())


def place(made: Path, target: Path) -> None:
    """Give what was made its name, and put that on disk.

    Raises:
        StoreError: the disk refused.
    """
    try:
        made.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise StoreError(f"{target} can't be given its name: {error.strerror}", advice="Check the path and the permissions.") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
