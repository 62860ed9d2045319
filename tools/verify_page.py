"""Write the digests of its own style and script into the verifier page, whose policy allows no others.

    python tools/verify_page.py [--check]

To be run after each change of src/ascertain/publish/verify.html; `--check` only says whether it was.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "src" / "ascertain" / "publish" / "verify.html"


def with_digests(page: str) -> str:
    """The page with the digests of what stands between its tags."""
    for tag in ("script", "style"):
        content = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        page = re.sub(rf"{tag}-src 'sha256-[^']*'", f"{tag}-src 'sha256-{digest}'", page)
    return page


def main() -> int:
    """Write the page, or check it."""
    page = PAGE.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        return int(with_digests(page) != page)
    PAGE.write_text(with_digests(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
