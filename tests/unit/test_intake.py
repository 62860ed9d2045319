"""Exports of other tools, made here from their documented forms: hashes checked, their words kept as theirs."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from builders import a_page, a_source, a_tar, a_warc, a_zip

from ascertain.config import Settings
from ascertain.intake import articles_of, claims_of
from ascertain.intake._claims import hash_of, known_hash
from ascertain.parse import parse
from ascertain.parse._archives import parse_tar, parse_zip
from ascertain.parse._web import parse_web_archive
from ascertain.pipeline import Unread, documents_in

WARC = a_warc(("https://e.org/1", "text/html", a_page().encode()), packed=True)
PAGES = b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n{"url": "https://e.org/1", "ts": "2022-04-05T10:00:00Z"}\n'
REPORT = b"HARVAN, 5 April 2022 (Wire) - Shelling killed 12 people in Kyiv on Monday, the mayor said.\n"
PICTURE = b"\x89PNG picture"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def a_wacz(files: dict[str, bytes] | None = None, **changed: bytes) -> dict[str, bytes]:
    files = files or {"archive/data.warc.gz": WARC, "indexes/index.cdx.gz": b"index", "pages/pages.jsonl": PAGES}
    resources = [{"name": n.rpartition("/")[2], "path": n, "hash": f"sha256:{sha256(d)}", "bytes": len(d)} for n, d in files.items()]
    package = json.dumps(
        {"profile": "data-package", "wacz_version": "1.1.1", "title": "A crawl", "software": "crawler 1", "resources": resources}
    ).encode()
    digest = json.dumps({"path": "datapackage.json", "hash": f"sha256:{sha256(package)}"}).encode()
    return {**files, "datapackage.json": package, "datapackage-digest.json": digest} | changed


def an_auto_archive(hash_: str | None = None, name: str = "wire_1.txt") -> dict[str, bytes]:
    media = [
        {
            "filename": f"/tmp/run/{name}", "key": f"archive/e-org/{name}", "urls": [f"https://store.example/{name}"], "_mimetype": "text/plain",
            "properties": {
                "hash": hash_ or f"SHA-256:{sha256(REPORT)}", "src": "https://e.org/1",
                "thumbnails": [{"filename": "/tmp/run/t.png", "key": "archive/e-org/t.png", "urls": [], "properties": {"hash": f"SHA3-512:{hashlib.sha3_512(PICTURE).hexdigest()}"}}],
            },
        },
        {"filename": "/tmp/run/metadata.json", "key": "archive/e-org/metadata.json", "urls": [], "properties": {}},
    ]  # fmt: skip
    about = {
        "url": "https://e.org/1",
        "title": "Shelling",
        "content": REPORT.decode(),
        "timestamp": "2022-04-05 10:00:00+00:00",
        "_processed_at": "2022-04-06 08:00:00+00:00",
    }
    record = {"status": "telethon: success", "metadata": about, "media": media}
    return {f"archive/e-org/{name}": REPORT, "archive/e-org/t.png": PICTURE, "archive/e-org/metadata.json": json.dumps(record).encode()}


def an_atlos_export(*artifacts: dict, **files: bytes) -> dict[str, bytes]:
    version = {"id": "1b2c", "scoped_id": 1, "source_url": "https://e.org/1", "status": "complete", "artifacts": list(artifacts)}
    incident = {
        "slug": "ABC123",
        "attr_description": "Shelling in Kyiv on 4 April 2022 killed 12 people, a witness said.",
        "attr_sensitive": [],
    }
    folder = "atlos-export-2026-01-02/ABC123"
    return {
        **{f"{folder}/ABC123-1/{name.replace('__', '.')}": data for name, data in files.items()}, f"{folder}/ABC123-1/metadata.json": json.dumps(version).encode(),
        f"{folder}/metadata.json": json.dumps(incident).encode(), f"{folder}/updates.json": b'[{"type": "comment", "explanation": "Looks right"}]',
    }  # fmt: skip


def an_artifact(data: bytes, kind: str = "upload", ending: str = "txt") -> dict:
    return {
        "id": "9",
        "type": kind,
        "file_location": f"x/y.{ending}",
        "file_hash_sha256": sha256(data),
        "file_size": len(data),
        "mime_type": "text/plain",
    }


def a_bayanat_export(etag: str | None) -> dict[str, bytes]:
    media = {"id": 3, "title": "A letter", "fileType": "text/plain", "filename": "20220405-letter.txt", "etag": etag}
    bulletin = {
        "class": "bulletin", "id": 7, "title": "Shelling", "originid": "X-1", "description": "Shelling in Kyiv on 4 April 2022 killed 12 people.",
        "source_link": "https://e.org/1", "publish_date": "2022-04-05T00:00", "medias": [media], "status": "Peer Reviewed",
    }  # fmt: skip
    return {"export.json": json.dumps({"bulletins": [bulletin]}).encode(), "20220405-letter.txt": REPORT}


def parts_of(files: dict[str, bytes], path: str = "export.zip"):
    kind = "application/wacz" if path.endswith("wacz") else "application/zip"
    return parse_zip(a_source(a_zip(files), path, kind))


def named(parsed) -> dict:
    return {child.name: child for child in parsed.children}


# --- WACZ


def test_the_archives_of_a_wacz_are_its_parts_with_its_claims():
    parsed = parts_of(a_wacz(), "crawl.wacz")
    [child] = parsed.children
    assert child.context == {
        "claimed_by": "WACZ", "claim_sha256": sha256(WARC), "claim_title": "A crawl", "claim_software": "crawler 1",
    }  # fmt: skip
    assert parsed.notes == ()


def test_an_archive_that_is_not_what_its_wacz_says_is_a_failure_of_its_own():
    other = a_warc(("https://e.org/2", "text/html", a_page().encode()), packed=True)
    files = a_wacz({"archive/a.warc.gz": WARC, "archive/b.warc.gz": WARC, "indexes/index.cdx.gz": b"index"}) | {"archive/b.warc.gz": other}
    found = list(documents_in(a_zip(files), path="crawl.wacz", settings=Settings()))
    failed, document = sorted(found, key=lambda one: not isinstance(one, Unread))
    assert failed.path == "crawl.wacz/archive/b.warc.gz"
    assert f"WACZ says sha256 {sha256(WARC)[:16]}…" in str(failed.error)
    assert failed.error.advice
    assert document.url == "https://e.org/1"


@pytest.mark.parametrize("name", ["pages/pages.jsonl", "indexes/index.cdx.gz", "datapackage.json"])
def test_a_changed_file_of_a_wacz_that_is_no_archive_is_said(name):
    files = a_wacz()
    files[name] = files[name].replace(b"crawl", b"brawl") + b" "
    assert any(note.startswith(f"{name} is not what was exported: WACZ says sha256") for note in parts_of(files, "crawl.wacz").notes)


def test_what_a_wacz_names_and_has_not_and_has_and_does_not_name_is_said():
    files = a_wacz()
    del files["pages/pages.jsonl"]
    files["archive/more.warc.gz"] = WARC
    notes = parts_of(files, "crawl.wacz").notes
    assert "WACZ names pages/pages.jsonl, which is not in it." in notes
    assert "datapackage.json does not name archive/more.warc.gz." in notes


def test_a_wacz_whose_list_is_damaged_is_read_and_says_so():
    parsed = parts_of(a_wacz(**{"datapackage.json": b"{"}), "crawl.wacz")
    assert len(parsed.children) == 1
    assert "can't be read" in parsed.notes[0]


# --- WARC


def test_a_record_that_is_not_what_was_recorded_is_a_failure_of_its_own():
    data = a_warc(("https://e.org/1", "text/html", a_page().encode()), ("https://e.org/2", "text/html", a_page("Fire in Odesa").encode()))
    changed = data.replace(b"Fire in Odesa", b"Fine in Odesa")
    assert changed != data
    first, second = parse_web_archive(a_source(changed, "crawl.warc", "application/warc")).children
    assert "mismatch" not in first.context
    assert second.context["mismatch"] == "its WARC-Block-Digest does not hold"
    found = list(documents_in(changed, path="crawl.warc", settings=Settings()))
    assert [type(one).__name__ for one in found] == ["Document", "Unread"]


def test_a_changed_record_that_is_left_out_is_said():
    data = a_warc(("https://e.org/p.png", "image/png", b"\x89PNG picture")).replace(b"picture", b"pictory")
    assert (
        "#1 is not what was recorded: its WARC-Block-Digest does not hold."
        in parse_web_archive(a_source(data, "c.warc", "application/warc")).notes
    )


@pytest.mark.parametrize("of", ["body", "other"])
def test_a_digest_of_the_unpacked_payload_alone_holds_too(of):
    body = b"<p>Two died in Kyiv.</p>"
    http = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(body):x}\r\n".encode()
        + body
        + b"\r\n0\r\n\r\n"
    )
    told = sha256(body if of == "body" else b"another")
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://e.org/\r\nWARC-Date: 2022-04-05T00:00:00Z\r\nWARC-Record-ID: <urn:x:1>\r\nContent-Type: application/http\r\nWARC-Payload-Digest: sha256:{told}\r\nContent-Length: {len(http)}\r\n\r\n"
    [child] = parse_web_archive(a_source(head.encode() + http + b"\r\n\r\n", "c.warc", "application/warc")).children
    assert child.data == body
    assert ("mismatch" in child.context) is (of == "other")


# --- auto-archiver


def test_files_of_auto_archiver_are_checked_and_carry_its_words():
    found = named(parts_of(an_auto_archive()))
    wire, picture = found["archive/e-org/wire_1.txt"].context, found["archive/e-org/t.png"].context
    assert (wire["claimed_by"], wire["claim_sha256"], wire["claim_url"]) == ("auto-archiver", sha256(REPORT), "https://e.org/1")
    assert wire["claim_stored_at"] == "https://store.example/wire_1.txt"
    assert "url" not in wire, "its word for where the file is from is not ours"
    assert picture["claim_sha3_512"] == hashlib.sha3_512(PICTURE).hexdigest()
    assert "mismatch" not in wire | picture


def test_a_file_that_is_not_what_auto_archiver_hashed_fails_by_name_and_the_rest_is_read():
    found = list(documents_in(a_zip(an_auto_archive(f"SHA-256:{'0' * 64}")), path="export.zip", settings=Settings()))
    failed = [one for one in found if isinstance(one, Unread)]
    assert "auto-archiver says sha256 0000000000000000…" in str(next(f.error for f in failed if f.path.endswith("wire_1.txt")))
    [document] = [one for one in found if not isinstance(one, Unread)]
    assert document.text.startswith("HARVAN")
    assert document.path.startswith("export.zip/archive/e-org/metadata.json#")


def test_the_words_that_auto_archiver_kept_are_a_document_with_its_name():
    [child] = parse(an_auto_archive()["archive/e-org/metadata.json"], digest="0" * 64, path="metadata.json").children
    assert child.context["claimed_by"] == "auto-archiver"
    document = parse(child.data, digest="1" * 64, path="x", media_type=child.media_type, context=child.context).document
    assert (document.text, document.title, document.published.value) == (REPORT.decode(), "Shelling", "2022-04-05T10:00:00+00:00")


def test_a_table_of_auto_archiver_is_known():
    record = json.loads(an_auto_archive()["archive/e-org/metadata.json"])
    out = io.StringIO()
    writer = csv.DictWriter(out, ["status", "metadata", "media"])
    writer.writeheader()
    writer.writerow({name: value if name == "status" else repr(value) for name, value in record.items()})
    claims = claims_of({"db.csv", "wire_1.txt", "t.png"}, lambda _: out.getvalue().encode())
    assert claims.files["wire_1.txt"].hashes == (("sha256", sha256(REPORT)),)


def test_a_table_whose_cells_are_code_is_not_run():
    row = "status,metadata,media\nok,\"__import__('os').system('true')\",\"[__import__('os')]\"\n"
    assert claims_of({"db.csv"}, lambda _: row.encode()).files == {}


# --- Atlos


def test_artifacts_of_atlos_are_checked_and_incidents_read():
    files = an_atlos_export(
        an_artifact(REPORT), an_artifact(PICTURE, "viewport", "png"), **{"upload_ABC123-1__txt": REPORT, "viewport_ABC123-1__png": PICTURE}
    )
    parsed = parts_of(files)
    found = named(parsed)
    context = found["atlos-export-2026-01-02/ABC123/ABC123-1/upload_ABC123-1.txt"].context
    assert (context["claimed_by"], context["claim_sha256"], context["claim_source_url"]) == ("Atlos", sha256(REPORT), "https://e.org/1")
    assert not any("mismatch" in child.context for child in parsed.children)
    assert not any(name.endswith("updates.json") for name in found)
    texts = [one.text for one in documents_in(a_zip(files), path="export.zip", settings=Settings()) if not isinstance(one, Unread)]
    assert texts == [REPORT.decode(), "Shelling in Kyiv on 4 April 2022 killed 12 people, a witness said."]


def test_of_two_artifacts_of_one_kind_each_has_its_hash_and_a_changed_one_fails():
    files = an_atlos_export(
        an_artifact(REPORT), an_artifact(b"a letter"), **{"upload_ABC123-1__txt": b"a letter", "upload_ABC123-1b__txt": REPORT}
    )
    assert not any("mismatch" in child.context for child in parts_of(files).children)
    files = an_atlos_export(
        an_artifact(REPORT), an_artifact(b"a letter"), **{"upload_ABC123-1__txt": b"a lettor", "upload_ABC123-1b__txt": REPORT}
    )
    wrong = [child.name for child in parts_of(files).children if "mismatch" in child.context]
    assert wrong == ["atlos-export-2026-01-02/ABC123/ABC123-1/upload_ABC123-1.txt"]


def test_an_artifact_that_is_missing_is_said():
    parsed = parts_of(an_atlos_export(an_artifact(REPORT)))
    assert any(note.startswith("Atlos names atlos-export-2026-01-02/ABC123/ABC123-1/upload_") for note in parsed.notes)


def test_a_table_of_atlos_gives_documents_with_its_name():
    row = {
        "slug": "ABC123",
        "project": "P",
        "inserted_at": "2022-04-05",
        "description": "Shelling killed 12 people in Kyiv.",
        "source_1": "https://e.org/1",
    }
    tool, [article] = articles_of([row])
    assert (tool, article["text"], article["url"], article["id"]) == ("Atlos", row["description"], "https://e.org/1", "ABC123")


# --- Bayanat


@pytest.mark.parametrize("archive", ["zip", "tar"])
def test_media_of_bayanat_are_checked_by_their_md5(archive):
    md5 = hashlib.md5(REPORT, usedforsecurity=False).hexdigest()
    files = a_bayanat_export(md5)
    parsed = parts_of(files) if archive == "zip" else parse_tar(a_source(a_tar(files), "e.tar", "application/x-tar"))
    context = named(parsed)["20220405-letter.txt"].context
    assert (context["claimed_by"], context["claim_md5"], context["claim_media_title"]) == ("Bayanat", md5, "A letter")
    assert "mismatch" not in context
    wrong = named(parts_of(a_bayanat_export("0" * 32)))["20220405-letter.txt"].context
    assert wrong["mismatch"].startswith("Bayanat says md5 0000000000000000…")


@pytest.mark.parametrize("etag", [None, "", "abc", "d41d8cd98f00b204e9800998ecf8427e-5"])
def test_an_entity_tag_that_is_no_md5_is_no_mismatch(etag):
    assert "mismatch" not in named(parts_of(a_bayanat_export(etag)))["20220405-letter.txt"].context


def test_bulletins_are_documents_of_bayanat():
    [child] = parse(a_bayanat_export(None)["export.json"], digest="0" * 64, path="export.json").children
    assert child.context == {"row": "1", "claimed_by": "Bayanat", "url": "https://e.org/1", "id": "7"}


# --- all


@pytest.mark.parametrize(
    "told", ["sha256:zz", "sha256:", "crc32:00000000", "sha256", "", None, 7, f"md5:{'0' * 31}", ["sha256:x"], f"sha256:{'0' * 63}g"]
)
def test_what_is_no_hash_is_none(told):
    assert hash_of(told) == ()


def test_hashes_are_known_under_the_names_that_tools_use():
    assert hash_of(f"SHA-256:{'A' * 64}") == (("sha256", "a" * 64),)
    assert hash_of(f"SHA3-512:{'0' * 128}") == (("sha3_512", "0" * 128),)
    assert known_hash("md5", "0" * 32) == (("md5", "0" * 32),)


@pytest.mark.parametrize(
    ("value", "articles"),
    [
        ({"status": "x", "metadata": [], "media": [None, 1, {"filename": 3}]}, None),
        ({"artifacts": [None, {}, {"type": []}], "source_url": None}, ("Atlos", [{}])),
        ({"bulletins": [None, {"medias": [None, {"filename": None}]}]}, ("Bayanat", [{}])), ({"bulletins": 3}, None),
        ([[]], None), ([{}], None), (7, None), (None, None), ({"resources": [None, {"path": 3}]}, None),
        ({"results": [None], "next": None, "previous": None}, ("Atlos", [])), ({"slug": None, "attr_description": None}, ("Atlos", [{}])),
    ],
)  # fmt: skip
def test_forms_that_are_nearly_known_claim_nothing(value, articles):
    data = json.dumps(value).encode()
    for name in ("metadata.json", "datapackage.json", "a/metadata.json"):
        claims = claims_of({name, "a/x.txt"}, lambda _: data)
        assert claims.files == {}
        assert "a/x.txt" not in claims.missing
    assert articles_of(value) == articles


def test_a_deep_sidecar_does_no_harm():
    assert claims_of({"a.json"}, lambda _: b"[" * 200_000).files == {}
