"""The command line: results on standard output, everything else on standard error, exit statuses as the contract says."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from builders import PAGE, REPORT, WIRE, a_mail, a_pdf, a_zip

from ascertain.cli import COMMANDS

MODULE = [sys.executable, "-m", "ascertain"]


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    (made / "wire.txt").write_text(WIRE, encoding="utf-8")
    (made / "page.html").write_text(PAGE, encoding="utf-8")
    return made


def shell(*arguments: object, **more) -> subprocess.CompletedProcess:
    return subprocess.run([*MODULE, *map(str, arguments)], capture_output=True, check=False, timeout=300, **more)


# --- help and wrong usage


def test_help_names_every_command_and_loads_nothing_for_it():
    """How soon it answers stands in bench/start_bench.py; what makes it soon is that nothing heavy is imported."""
    look = (
        "import atexit, sys; from ascertain.cli import main\n"
        "atexit.register(lambda: sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules})))\nmain(['--help'])"
    )
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True, text=True, timeout=300)
    assert all(f"  {name} " in told.stdout for name in COMMANDS)
    loaded = {name for name in told.stderr.split() if not name.startswith("_")} - sys.stdlib_module_names
    assert {"ascertain", "click"} <= loaded
    assert not loaded & {
        "spacy",
        "numpy",
        "onnxruntime",
        "sqlalchemy",
        "alembic",
        "jinja2",
        "msgspec",
        "attrs",
        "cryptography",
        "starlette",
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run_cli, command):
    told = run_cli(command, "--help")
    assert told.status == 0
    assert told.out.startswith("Usage: ascertain")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",), ("run",), ("add", "x"), ("read",), ("read", "--jobs", "0", "x"), ("read", "--published", "yesterday", "x"), ("status", "x", "--colour"),
        ("review", "x", "bless", "y"), ("read", "--columns", "nonsense", "x"), ("search", "x"), ("review", "x", "confirm"), ("review", "x", "confirm", "y"),
        ("search", "x", "y", "--limit", "0"), ("read", "--published", "2022-13-01", "x"),
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_a_sentence(run_cli, arguments):
    told = run_cli(*arguments)
    assert (told.status, told.out) == (2, "")
    assert "Error" in told.err


def test_the_version_is_told(run_cli):
    assert run_cli("--version").out == "ascertain, version 0.1.0\n"


# --- a case from its beginning


def test_a_case_goes_from_init_to_search(run_cli, tmp_path, folder):
    case = tmp_path / "case"
    assert run_cli("init", case, "--name", "Harvan", "--collector", "T. Collector").status == 0
    told = run_cli("add", case, folder)
    assert (told.status, told.out) == (0, "2 in: 2 new, 0 known already, 0 failed\n")
    told = run_cli("run", case)
    assert told.status == 0
    assert told.out.startswith("2 originals: 2 done, 0 failed; 2 parsed and 2 read now; ")
    assert "killed" in run_cli("show", case).out
    assert "reports/wire.txt[" in run_cli("search", case, "mayor").out
    assert json.loads(run_cli("incidents", case, "--json").out)["schema"] == "ascertain/incidents/1"


def test_a_second_init_is_refused(run_cli, copied_case):
    told = run_cli("init", copied_case)
    assert told.status == 3
    assert "not empty" in told.err


@pytest.mark.parametrize("command", ["run", "show", "status", "search", "add", "review", "report"])
@pytest.mark.parametrize("place", ["missing", "file", "folder"])
def test_what_is_no_case_ends_with_3_and_what_to_do(run_cli, tmp_path, command, place):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    more = {"search": ["x"], "add": ["x"], "review": ["list"]}.get(command, [])
    told = run_cli(command, tmp_path / place, *more)
    assert (told.status, told.out) == (3, "")
    assert "holds no case" in told.err
    assert "Next: " in told.err


# --- add


def test_bad_sources_among_good_ones_are_named_and_the_others_done(run_cli, copied_case, folder):
    told = run_cli("add", copied_case, folder / "nothing.txt", folder / "wire.txt", "http://127.0.0.1:9/x")
    assert told.status == 1
    assert told.out == "3 in: 0 new, 1 known already, 2 failed\n"
    assert "nothing.txt can't be read: No such file" in told.err
    assert "127.0.0.1, which is not a public machine" in told.err
    assert told.err.count("next: ") == 2


def test_where_nothing_could_be_taken_in_the_status_is_3(run_cli, copied_case):
    assert run_cli("add", copied_case, "nothing.txt").status == 3


def test_standard_input_is_a_source(run_cli, copied_case):
    [row] = run_cli("add", copied_case, "-", "--json", stdin=b"Five people died.").objects
    assert (row["path"], row["new"], row["error"]) == ("stdin", True, None)


def test_each_source_is_an_object(run_cli, copied_case, folder):
    (folder / ".hidden").write_text("x")
    told = run_cli("add", copied_case, folder, "nothing", "--json")
    assert [(row["path"], row["left_out"], row["error"] is None) for row in told.objects] == [
        ("reports/.hidden", True, False), ("reports/page.html", False, True), ("reports/wire.txt", False, True), ("nothing", False, False),
    ]  # fmt: skip
    assert "1 hidden left out" in told.err


# --- read


def test_a_reading_is_the_contract_s(run_cli, folder):
    [reading] = run_cli("read", "--json", folder / "wire.txt").objects
    assert reading["schema"] == "ascertain/reading/1"
    assert reading["document"]["text"] == WIRE
    assert reading["document"]["path"] == str(folder / "wire.txt")
    assert reading["statements"]


def test_several_files_are_json_lines_in_their_order(run_cli, folder, tmp_path):
    (tmp_path / "three.zip").write_bytes(a_zip({"a.txt": b"One person died.", "b.txt": b"Two people died."}))
    told = run_cli("read", "--json", folder / "wire.txt", tmp_path / "three.zip", folder)
    assert [row["document"]["path"].removeprefix(f"{tmp_path}/") for row in told.objects] == [
        "reports/wire.txt", "three.zip/a.txt", "three.zip/b.txt", "reports/page.html", "reports/wire.txt",
    ]  # fmt: skip


def test_bad_files_among_good_ones_end_with_1_and_only_bad_ones_with_3(run_cli, folder, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    told = run_cli("read", "--json", tmp_path / "empty.txt", folder / "wire.txt", "nothing.txt")
    assert (told.status, len(told.objects)) == (1, 1)
    assert "empty.txt is empty" in told.err
    assert "nothing.txt can't be read" in told.err
    assert run_cli("read", tmp_path / "empty.txt").status == 3


def test_the_date_that_is_given_wins(run_cli, folder):
    [reading] = run_cli("read", "--json", "--published", "2021-01-02", folder / "wire.txt").objects
    assert reading["document"]["published"] == {"value": "2021-01-02", "passage": None}


def test_standard_input_is_read(run_cli):
    [reading] = run_cli("read", "--json", "-", stdin=WIRE.encode()).objects
    assert (reading["document"]["path"], reading["document"]["text"]) == ("stdin", WIRE)


ARTICLES = [
    {
        "id": "n1",
        "text": "\ufeffShelling killed 12 people in Kyiv.\r\n",
        "published": "2022-04-05",
        "title": "T",
        "publisher": "P",
        "language": "en",
    },
    {"id": "n2", "text": "Police said that two people died in Lviv on Monday.", "published": "2022-04-05T10:00:00Z"},
    {"id": "n3", "text": "Half a pair \ud83d and\u2028a separator: five people died in Odesa."},
]


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_articles_are_read_a_line_each_with_their_text_unchanged(run_cli):
    told = run_cli("read", "--json", "--jsonl", "-", stdin=lines(*ARTICLES))
    assert told.status == 0
    assert [row["document"]["path"] for row in told.objects] == ["n1", "n2", "n3"]
    assert [row["document"]["text"] for row in told.objects] == [row["text"].replace("\ud83d", "\ufffd") for row in ARTICLES]
    assert [(row["document"]["published"] or {}).get("value") for row in told.objects] == ["2022-04-05", "2022-04-05T10:00:00Z", None]
    assert (told.objects[0]["document"]["title"], told.objects[0]["document"]["publisher"]) == ("T", "P")


def test_bad_lines_are_named_and_the_others_read(run_cli, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"{broken\n" + lines(ARTICLES[1], [1], {"id": "x"}, {"id": "y", "text": " "}, 7) + b"\n\xff\n")
    told = run_cli("read", "--json", "--jsonl", tmp_path / "a.jsonl")
    assert (told.status, len(told.objects)) == (1, 1)
    assert told.err.count("failed: ") == 6
    assert f"{tmp_path}/a.jsonl#1 is not JSON" in told.err


def test_several_jobs_print_the_same(run_cli):
    data = lines(
        *({"id": f"n{n}", "text": f"On {n} May 2023 shelling killed {n + 2} people in Kherson, he said."} for n in range(1, 9)),
        {"id": "bad"},
    )
    one = run_cli("read", "--json", "--jsonl", "-", "--jobs", 1, stdin=data)
    assert run_cli("read", "--json", "--jsonl", "-", "--jobs", 2, stdin=data) == one
    assert len(one.objects) == 8


def test_a_reading_for_people_says_its_passages(run_cli, folder):
    told = run_cli("read", folder / "wire.txt").out.splitlines()
    assert told[0].endswith("(2022-04-05)")
    assert len(told) > 2
    assert all(f"{folder}/wire.txt[" in line for line in told[1:])


def test_a_table_is_read_with_the_columns_that_are_named(run_cli, tmp_path):
    (tmp_path / "a.csv").write_text("inhalt;datum\nTwo people died in Lviv.;2022-04-05\n")
    [reading] = run_cli("read", "--json", "--columns", "text=inhalt,published=datum", tmp_path / "a.csv").objects
    assert (reading["document"]["text"], reading["document"]["published"]["value"]) == ("Two people died in Lviv.", "2022-04-05")


# --- looking


def test_incidents_of_files_are_found_without_a_case(run_cli, folder):
    found = json.loads(run_cli("incidents", "--json", folder).out)
    assert found["incidents"]
    assert set(found) >= {"schema", "copies", "incidents"}
    assert run_cli("incidents", "nothing.txt").status == 3


def test_the_fact_sheet_says_each_claim_s_passage(run_cli, finished_case):
    incident = json.loads(run_cli("incidents", finished_case, "--json").out)["incidents"][0]
    told = run_cli("show", finished_case, incident["id"])
    assert told.out == run_cli("show", finished_case, incident["id"].removeprefix("incident-")[:6]).out
    assert "read by software, not reviewed" in told.out
    assert "«" in told.out
    assert "who vouches:" in told.out


def test_a_document_is_shown_by_path_and_digest(run_cli, finished_case):
    by_path = run_cli("show", finished_case, "reports/wire.txt")
    digest = run_cli("search", finished_case, "mayor", "--json").objects[0]["document"]
    assert by_path.out == run_cli("show", finished_case, digest).out
    assert "reports/wire.txt[" in by_path.out
    for nothing in ("no-such-thing", "", "incident-", digest[:5], "reports/empty.txt"):
        assert run_cli("show", finished_case, nothing).status == 2


def test_digits_that_name_several_incidents_are_refused(run_cli, finished_case):
    ids = [incident["id"] for incident in json.loads(run_cli("incidents", finished_case, "--json").out)["incidents"]]
    first = {number.removeprefix("incident-")[0] for number in ids}
    for digit in first:
        several = sum(number.startswith(f"incident-{digit}") for number in ids) > 1
        assert run_cli("show", finished_case, digit).status == (2 if several else 0)
    assert all(run_cli("show", finished_case, number).status == 0 for number in ids)


def test_hits_are_objects_with_their_span(run_cli, finished_case):
    for hit in run_cli("search", finished_case, "people", "--json").objects:
        assert hit["span"][0] < hit["span"][1]
    told = run_cli("search", finished_case, "nowhere-at-all")
    assert (told.status, told.out, told.err) == (0, "", "nothing found\n")


def test_status_sums_up(run_cli, finished_case):
    status = json.loads(run_cli("status", finished_case, "--json").out)
    assert status["originals"] == status["done"] + status["failed"] + status["waiting"] == 3
    assert (status["failed"], status["failures"][0]["reason"]) == (1, "reports/empty.txt is empty")
    told = run_cli("status", finished_case, "--check")
    assert told.status == 0
    assert "3 in = 2 done + 1 failed + 0 waiting" in told.out
    assert "everything holds" in told.out


def test_a_changed_original_ends_the_check_with_4(run_cli, copied_case):
    path = next(p for p in (copied_case / "originals").rglob("*") if p.is_file() and p.stat().st_size)
    path.chmod(0o644)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    told = run_cli("status", copied_case, "--check")
    assert told.status == 4
    assert path.name in told.out


def test_settings_say_where_they_come_from(run_cli, copied_case, monkeypatch):
    monkeypatch.setenv("ASCERTAIN_MAX_PAGES", "17")
    told = run_cli("config", copied_case).out
    assert "17  (ASCERTAIN_MAX_PAGES)" in told
    assert "(default)" in told


def test_doctor_names_what_is_installed(run_cli):
    told = run_cli("doctor")
    assert told.status == 0
    for word in ("ascertain", "python", "language model", "gazetteer", "trafilatura", "pypdfium2", "warcio"):
        assert word in told.out


def test_doctor_says_how_to_get_what_is_missing(run_cli, monkeypatch):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "warcio" else find(name, *more))
    assert "pip install 'ascertain[formats]'" in run_cli("doctor").out


# --- the terminal


def test_a_terminal_that_can_t_show_a_letter_still_gets_the_others(run_cli, finished_case):
    told = run_cli("show", finished_case, encoding="latin-1")
    assert told.status == 0
    assert "killed" in told.out
    assert "\\u25" in told.out


def test_no_colour_is_ever_printed(run_cli, finished_case, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    for arguments in (("show", finished_case), ("status", finished_case), ("search", finished_case, "mayor")):
        assert "\x1b" not in run_cli(*arguments).out


def test_a_reader_that_has_enough_is_no_error(finished_case):
    process = subprocess.Popen([*MODULE, "show", str(finished_case), "reports/wire.txt"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(300) == 0
    assert told == ""


def test_a_full_disk_under_standard_output_is_told(finished_case):
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run([*MODULE, "show", str(finished_case)], stdout=full, stderr=subprocess.PIPE, check=False, timeout=300)
    assert process.returncode == 5
    assert b"No space left on device" in process.stderr
    assert b"Traceback" not in process.stderr


def test_closed_standard_streams_are_no_traceback(finished_case):
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m ascertain read --json - <&- >&-"], stderr=subprocess.PIPE, check=False, timeout=60
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m ascertain status '{finished_case}' >&-"], stderr=subprocess.PIPE, check=False, timeout=60
    )
    assert b"Traceback" not in done.stderr


def test_a_fault_of_ours_is_a_sentence_and_not_a_traceback(run_cli, finished_case, monkeypatch):
    from ascertain.case import Case

    def fails(*_, **__):
        raise KeyError("secret")

    monkeypatch.setattr(Case, "status", fails)
    with pytest.raises(AssertionError, match="a fault of ascertain"):
        run_cli("status", finished_case)
    monkeypatch.setenv("ASCERTAIN_TRACE", "1")
    with pytest.raises(KeyError):
        run_cli("status", finished_case)


# --- odd files


def odd_files(folder: Path) -> None:
    chance = random.Random(7)
    whole = {
        "a.pdf": a_pdf(), "a.zip": a_zip({"x.txt": REPORT.encode()}), "a.eml": a_mail(attachments={"b.txt": b"x"}).as_bytes(), "a.html": PAGE.encode(),
        "a.csv": b"text,date\nTwo people died.,2022-04-05\n", "a.json": json.dumps([{"text": "Two people died."}]).encode(), "a.txt": REPORT.encode(),
    }  # fmt: skip
    for name, data in whole.items():
        for number in range(6):
            broken = bytearray(data)
            for _ in range(1 + number * 3):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            (folder / f"{number}-{name}").write_bytes(bytes(broken[: chance.randrange(1, len(broken) + 1)] if number % 2 else broken))
    for number, ending in enumerate(
        (
            "txt",
            "html",
            "pdf",
            "docx",
            "eml",
            "mbox",
            "xml",
            "rss",
            "warc",
            "wacz",
            "zip",
            "tar",
            "gz",
            "bz2",
            "csv",
            "tsv",
            "json",
            "jsonl",
            "",
        )
    ):
        (folder / f"noise{number}.{ending}").write_bytes(chance.randbytes(chance.randrange(1, 2000)))
        (folder / f"zeros{number}.{ending}").write_bytes(bytes(500))


def test_odd_files_end_as_done_or_failed_with_a_reason(run_cli, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    odd_files(folder)
    count = len(list(folder.iterdir()))
    told = run_cli("read", "--json", folder)
    assert told.status in {0, 1}
    assert told.err.count("failed: ") == told.err.count("next: ")
    case = tmp_path / "case"
    assert run_cli("init", case).status == 0
    assert run_cli("add", case, folder).out.startswith(f"{count} in: ")
    assert run_cli("run", case).status == 1
    status = json.loads(run_cli("status", case, "--json").out)
    assert status["originals"] == status["done"] + status["failed"]
    assert all(failure["reason"] and failure["advice"] for failure in status["failures"])


def test_the_command_works_as_it_is_installed(folder):
    command = Path(sys.executable).with_name("ascertain")
    if not command.is_file():
        pytest.skip("the command is not installed beside this Python")
    done = subprocess.run([command, "read", "--json", folder / "wire.txt"], capture_output=True, check=True, timeout=300)
    assert json.loads(done.stdout)["document"]["text"] == WIRE
    assert isinstance(io.BytesIO(done.stdout), io.BytesIO)
