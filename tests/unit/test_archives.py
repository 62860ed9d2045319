"""ZIP, tar, gzip, bzip2: parts without paths that lead anywhere; bombs, locks and damage end as a reason."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile

import pytest
from builders import a_source, a_tar, a_warc, a_zip
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import InputError, LimitError
from ascertain.parse import Limits
from ascertain.parse._archives import parse_compressed, parse_tar, parse_zip
from ascertain.parse._parsed import harmless_name

ESCAPES = ("/etc/passwd", "../../etc/passwd", "..\\..\\x.txt", "C:\\x\\y.txt", "a/../../b", "./a", "//host/share", "a\x00b", "a\u202eb", "")


def zipped(data: bytes, **more):
    return parse_zip(a_source(data, "a.zip", "application/zip", **more))


def unpacked(data: bytes, path: str = "a.txt.gz", **more):
    kind = "application/gzip" if data[:2] == b"\x1f\x8b" else "application/x-bzip2"
    return parse_compressed(a_source(data, path, kind, **more))


def names(parsed) -> list[str]:
    return [child.name for child in parsed.children]


def test_files_are_parts_folders_and_hidden_ones_are_not():
    found = zipped(a_zip({"a.txt": b"1", "sub/": b"", "sub/b.txt": b"2", ".hidden/c": b"3", "__MACOSX/a.txt": b"4", "empty.txt": b""}))
    assert names(found) == ["a.txt", "sub/b.txt"]


@pytest.mark.parametrize("name", ESCAPES, ids=repr)
def test_no_name_leads_out_of_the_container(name):
    clean = harmless_name(name)
    assert clean
    assert not clean.startswith(("/", "\\"))
    assert ".." not in clean.split("/")
    assert ":" not in clean[:2]
    assert clean.isprintable()


@given(st.text(max_size=300))
def test_any_name_becomes_harmless_and_stays_so(name):
    clean = harmless_name(name)
    assert 0 < len(clean) <= 210
    assert not set(clean.split("/")) & {"", ".", ".."}
    assert harmless_name(clean) == clean


def test_escaping_names_of_archives_are_made_harmless():
    assert names(zipped(a_zip({"../../x.txt": b"1", "/abs.txt": b"2"}))) == ["x.txt", "abs.txt"]
    assert names(parse_tar(a_source(a_tar({"../../x.txt": b"1", "/abs.txt": b"2"}), "a.tar"))) == ["x.txt", "abs.txt"]


def test_links_are_left_out_and_said():
    found = parse_tar(a_source(a_tar({"a.txt": b"1"}, ("link.txt", "/etc/passwd")), "a.tar"))
    assert (names(found), found.notes) == (["a.txt"], ("left out link.txt: it is a link or a device.",))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        entry = zipfile.ZipInfo("link.txt")
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    assert zipped(out.getvalue()).notes == ("left out link.txt: it is a link.",)


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(LimitError, match="unpacks to 20,000,000 bytes"):
        zipped(a_zip({"bomb.txt": b"\0" * 20_000_000}))
    with pytest.raises(LimitError, match="unpacks to more than"):
        unpacked(gzip.compress(b"\0" * 20_000_000))
    with pytest.raises(LimitError, match="unpacks to more than"):
        unpacked(bz2.compress(b"\0" * 20_000_000), "a.bz2")


def test_a_well_packed_honest_text_is_no_bomb():
    assert names(zipped(a_zip({"a.txt": b"word " * 100_000}))) == ["a.txt"]


def test_an_entry_that_lies_about_its_size_gives_no_more_than_it_said():
    data = bytearray(a_zip({"a.txt": b"x" * 1000}, compression=zipfile.ZIP_STORED))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    found = zipped(bytes(data))
    assert [len(child.data) for child in found.children] in ([], [10])


def test_all_parts_together_are_bounded():
    files = {f"{n}.bin": bytes([n]) * 1000 for n in range(5)}
    with pytest.raises(LimitError):
        zipped(a_zip(files), limits=Limits(max_child_bytes=3000))
    with pytest.raises(LimitError):
        parse_tar(a_source(a_tar(files), "a.tar", limits=Limits(max_child_bytes=3000)))
    with pytest.raises(LimitError, match="more than 3 parts"):
        zipped(a_zip(files), limits=Limits(max_children=3))


def test_a_sparse_file_does_not_grow_beyond_the_limit():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as packed:
        entry = tarfile.TarInfo("sparse.bin")
        entry.size = 10
        entry.pax_headers = {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.map": "0,10",
            "GNU.sparse.size": str(10**12),
            "GNU.sparse.name": "s",
        }
        packed.addfile(entry, io.BytesIO(b"0123456789"))
    with pytest.raises((LimitError, InputError)):
        parse_tar(a_source(out.getvalue(), "a.tar"))


def test_an_encrypted_entry_is_left_out_and_said():
    data = bytearray(a_zip({"a.txt": b"1", "b.txt": b"2"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    found = zipped(bytes(data))
    assert (names(found), found.notes) == (["b.txt"], ("left out a.txt: it is encrypted.",))


def test_a_damaged_entry_is_left_out_and_the_others_kept():
    data = bytearray(a_zip({"a.txt": b"first", "b.txt": b"second"}, compression=zipfile.ZIP_STORED))
    data[data.index(b"first")] ^= 1
    found = zipped(bytes(data))
    assert (names(found), found.notes) == (["b.txt"], ("left out a.txt: it is damaged (BadZipFile).",))


@pytest.mark.parametrize("cut", [1, 10, 40, 90])
def test_a_cut_zip_is_a_damaged_zip(cut):
    with pytest.raises(InputError, match="damaged ZIP"):
        zipped(a_zip({"a.txt": b"first" * 10})[:-cut])


def test_of_a_cut_tar_the_whole_files_are_kept():
    data = a_tar({"a.txt": b"1" * 600, "b.txt": b"2" * 600})
    found = parse_tar(a_source(data[: 512 + 1024 + 512 + 100], "a.tar"))
    assert names(found)[0] == "a.txt"
    with pytest.raises(InputError, match="damaged tar"):
        parse_tar(a_source(b"nothing like it" * 50, "a.tar"))


@pytest.mark.parametrize(
    ("path", "name"), [("a.txt.gz", "a.txt"), ("d/a.TGZ", "a.tar"), ("a.txt.bz2", "a.txt"), ("odd", "odd"), (".gz", "unnamed")]
)
def test_a_compressed_file_s_part_has_its_name(path, name):
    packed = bz2.compress(b"Two died.") if path.endswith("bz2") else gzip.compress(b"Two died.")
    [child] = unpacked(packed, path).children
    assert (child.name, child.data) == (name, b"Two died.")


def test_of_a_cut_compressed_file_what_stands_before_the_cut_is_kept_and_said():
    text = bytes(range(256)) * 2000
    found = unpacked(gzip.compress(text)[:-8])
    assert text.startswith(found.children[0].data)
    assert "breaks off" in found.notes[0]


@pytest.mark.parametrize("data", [b"\x1f\x8b", b"\x1f\x8b\x08\x00garbage that is none", b"BZh9" + b"\0" * 50])
def test_a_compressed_file_without_content_is_refused(data):
    with pytest.raises(InputError, match="damaged compressed file"):
        unpacked(data)


def test_an_empty_compressed_file_is_refused():
    with pytest.raises(InputError, match="empty once unpacked"):
        unpacked(gzip.compress(b""))


def test_of_a_wacz_only_its_web_archives_are_parts():
    warc = a_warc(("http://e.org/", "text/html", b"<p>x"), packed=True)
    found = zipped(a_zip({"datapackage.json": b"{}", "archive/data.warc.gz": warc, "pages/pages.jsonl": b"{}", "indexes/index.cdx": b"x"}))
    assert names(found) == ["archive/data.warc.gz"]
