"""Pages of PDF as pictures: drawn in the bounded worker, since the file is hostile, and written as PNG by hand."""

from __future__ import annotations

import struct
import threading
import zlib
from collections import OrderedDict

from ascertain.config import Settings
from ascertain.errors import LimitError, UnsupportedInputError
from ascertain.workers import BoundedWorker

WIDTH_PIXELS = 900  # as wide as the column in which a page stands
LONGEST_PIXELS = 4000
KEPT_PAGES = 24
TIMEOUT_SECONDS = 15


class PageDrawer:
    """Draws pages and keeps the last ones."""

    def __init__(self, settings: Settings) -> None:
        self._memory_bytes = settings.parse_memory_bytes
        self._worker: BoundedWorker | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], tuple[bytes, int]] = OrderedDict()

    def page(self, digest: str, data: bytes, number: int) -> tuple[bytes, int]:
        """One page as PNG, and how many pages there are; the first page has number 1.

        Raises:
            LimitError: it takes too long or too much memory.
            UnsupportedInputError: there is no such page.
            InputError: the file can't be drawn.
        """
        with self._lock:
            if (digest, number) not in self._kept:
                self._worker = self._worker or BoundedWorker(memory_bytes=self._memory_bytes)
                self._kept[digest, number] = self._worker.call(draw_page, data, number, timeout_seconds=TIMEOUT_SECONDS)
                while len(self._kept) > KEPT_PAGES:
                    self._kept.popitem(last=False)
            self._kept.move_to_end((digest, number))
            return self._kept[digest, number]

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            if self._worker is not None:
                self._worker.close()
                self._worker = None


def draw_page(data: bytes, number: int) -> tuple[bytes, int]:
    """Draw one page of a PDF."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        count = len(document)
        if not 1 <= number <= count:
            raise UnsupportedInputError(f"the document has {count} pages, not {number}", advice="Choose another page.")
        page = document[number - 1]
        width, height = page.get_size()
        scale = WIDTH_PIXELS / max(width, 1)
        if height * scale > LONGEST_PIXELS:
            raise LimitError("the page is too long to be drawn", advice="Download the original.")
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride), count


def png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """A PNG of rows of RGBX pixels.

    Source: W3C, Portable Network Graphics, third edition, 2025.
    """
    lines = bytearray()
    for row in range(height):
        line = pixels[row * stride : row * stride + width * 4]
        rgb = bytearray(width * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = line[0::4], line[1::4], line[2::4]
        lines += b"\0" + rgb
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(lines), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
