"""A PDF as pictures of its pages, without any text: lines that hold a withheld word are covered whole, pictures are left out.

A box as wide as a name tells how wide it was, and so which of some names it can have been; hence whole lines. What software can't read
(pictures, glyphs without letters, pages without a text layer) is not shown, since nobody has looked for names in it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from ascertain.errors import AscertainError, InputError
from ascertain.records.names import ANYTHING, Forms
from ascertain.workers import BoundedWorker

if TYPE_CHECKING:
    import numpy as np

DOTS_PER_POINT = 1.5  # 108 dots an inch: small print can be read
PAD_POINTS = 2.0
COVER = 214  # a light grey: printed, it takes little ink
MOST_PAGES, MOST_POINTS = 500, 2000.0
MEMORY_BYTES, TIMEOUT_SECONDS = 3 << 30, 300.0


@attrs.frozen
class Page:
    """One page as grey dots, row by row."""

    width: int
    height: int
    dots: bytes


def rendering(data: bytes, words: Sequence[str]) -> bytes | None:
    """A PDF made of pictures of another's pages; None where it can't be made.

    Args:
        data: the PDF.
        words: all that is withheld of its text, as it stands there.
    """
    with BoundedWorker(memory_bytes=MEMORY_BYTES) as worker:
        try:
            made: bytes = worker.call(render, data, tuple(words), timeout_seconds=TIMEOUT_SECONDS)
        except AscertainError:
            return None
    return made


def render(data: bytes, words: Sequence[str]) -> bytes:
    """As `rendering`, in this process.

    Raises:
        InputError: it can't be read, or has too many pages.
    """
    import pypdfium2
    from pypdfium2 import PdfiumError

    forms = Forms.of(dict.fromkeys(words, ""), between=ANYTHING)
    try:
        pdf = pypdfium2.PdfDocument(data)
        try:
            if len(pdf) > MOST_PAGES:
                raise InputError(f"a PDF has {len(pdf)} pages, more than are rendered", advice="Its text stands in the dossier.")
            return _pdf([_page(pdf[number], forms) for number in range(len(pdf))])
        finally:
            pdf.close()
    except PdfiumError as error:
        raise InputError("a PDF can't be rendered", advice="Its text stands in the dossier.") from error


def _page(page: Any, forms: Forms) -> Page:
    """One page: drawn, its pictures taken out before, covered where a withheld word stands; blank where software can't tell."""
    import numpy as np

    width, height = page.get_size()
    scale = DOTS_PER_POINT * min(1.0, MOST_POINTS / max(width, height, 1.0))
    text, told = _letters(page)
    if not told or not _without_pictures(page):
        dots = np.full((max(1, int(height * scale)), max(1, int(width * scale))), COVER, dtype=np.uint8)
    else:
        bitmap = page.render(scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False)
        drawn = bitmap.to_numpy()
        dots = np.ascontiguousarray(drawn if drawn.ndim == 2 else drawn[:, :, 0])
        _cover(dots, _bands(page, text, forms), height, scale)
    return Page(dots.shape[1], dots.shape[0], dots.tobytes())


def _letters(page: Any) -> tuple[str, bool]:
    """The page's characters, one for each place of its text layer, and whether all of its glyphs are letters that we know."""
    from pypdfium2 import raw

    kept = page.get_textpage()  # as long as its handle is used
    layer = kept.raw
    count = raw.FPDFText_CountChars(layer)
    letters = [chr(code) if 0 < (code := raw.FPDFText_GetUnicode(layer, number)) <= 0x10FFFF else " " for number in range(count)]
    unknown = any(raw.FPDFText_HasUnicodeMapError(layer, number) for number in range(count))
    text = "".join(letters)
    return re.sub("[\ufffe\x02]", "-", text), bool(text.strip()) and not unknown


def _without_pictures(page: Any) -> bool:
    """Take the pictures out; False where one lies inside another object, and can't be taken out."""
    from pypdfium2 import raw

    found = list(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING), max_depth=15))
    if any(one.level > 0 for one in found):
        return False
    for one in found:
        page.remove_obj(one)
    if found:
        page.gen_content()
    return True


def _bands(page: Any, text: str, forms: Forms) -> Iterator[tuple[float, float]]:
    """From where to where, in points from below, something is withheld."""
    layer = page.get_textpage()
    for swap in forms.swaps(text):
        for number in range(swap.start, swap.end):
            _, bottom, _, top = layer.get_charbox(number, loose=True)
            if top > bottom:
                yield bottom - PAD_POINTS, top + PAD_POINTS


def _cover(dots: np.ndarray[Any, Any], bands: Iterator[tuple[float, float]], height: float, scale: float) -> None:
    for bottom, top in bands:
        dots[max(0, int((height - top) * scale)) : max(0, int((height - bottom) * scale) + 1), :] = COVER


def _pdf(pages: Sequence[Page]) -> bytes:
    """A PDF of pictures, byte by byte the same for the same pages."""
    made = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for page in pages:
        first = len(made) + 1
        kids.append(b"%d 0 R" % first)
        width, height = page.width / DOTS_PER_POINT, page.height / DOTS_PER_POINT
        box = b"[0 0 %.2f %.2f]" % (width, height)
        drawing = b"q %.2f 0 0 %.2f 0 0 cm /I Do Q" % (width, height)
        made.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents %d 0 R /Resources << /XObject << /I %d 0 R >> >> >>"
            % (box, first + 1, first + 2)
        )
        made.append(_stream(b"", drawing))
        about = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width %d /Height %d /Filter /FlateDecode "
        made.append(_stream(about % (page.width, page.height), zlib.compress(page.dots, 9)))
    made[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _assembled(made)


def _stream(about: bytes, data: bytes) -> bytes:
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (about, len(data), data)


def _assembled(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
