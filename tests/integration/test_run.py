"""Running a case: only what is new or changed, each failure with its reason, the same findings whatever the order."""

from __future__ import annotations

import random

import attrs
import pytest
from builders import PAGE, REPORT, WIRE, a_mail, a_zip

from ascertain import extract, parse, pipeline
from ascertain.case import Case
from ascertain.errors import AscertainError, CustodyError
from ascertain.models import load_models
from ascertain.records import Reading


def files(folder, **named: str | bytes):
    folder.mkdir(exist_ok=True)
    for name, data in named.items():
        (folder / name.replace("_", ".")).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


@pytest.fixture
def reports(tmp_path):
    return files(tmp_path / "reports", wire_txt=WIRE, page_html=PAGE, empty_txt="", photo_png=b"\x89PNG\r\n")


def actions(case: Case) -> list[str]:
    return [entry.record["action"] for entry in case.store.log_entries()]


def test_every_original_ends_as_done_or_failed_with_a_reason(case, reports):
    case.add(reports)
    summary = case.run(jobs=1)
    assert (summary.originals, summary.done, summary.failed) == (4, 2, 2)
    assert {outcome.reason.split()[0] for outcome in summary.failures} == {"reports/empty.txt", "reports/photo.png"}
    assert all(outcome.advice for outcome in summary.failures)
    status = case.status(check=True)
    assert status.originals == status.done + status.failed + status.waiting
    assert (status.done, status.failed, status.waiting, status.problems) == (2, 2, 0, ())


def test_a_second_run_does_nothing(case, reports):
    case.add(reports)
    case.run(jobs=1)
    before = (case.incidents(), actions(case))
    summary = case.run(jobs=1)
    assert (summary.parsed, summary.extracted) == (0, 0)
    assert (case.incidents(), actions(case)) == before


def test_only_what_is_new_is_worked_on(case, reports):
    case.add(reports)
    case.run(jobs=1)
    files(reports, new_txt="Three people died in Odesa on 7 April 2022, police said.")
    case.add(reports / "new.txt")
    summary = case.run(jobs=1)
    assert (summary.parsed, summary.extracted) == (1, 1)


def test_several_jobs_give_the_same_case(tmp_path, clock):
    folder = files(
        tmp_path / "many",
        **{f"r{n}_txt": f"On {n + 1} May 2023 shelling killed {n + 3} people in Kherson, the governor said." for n in range(9)},
    )
    found = []
    for jobs in (1, 3):
        with Case.create(tmp_path / f"case{jobs}", name="x", collector="c", clock=clock) as case:
            case.add(folder)
            assert case.run(jobs=jobs).failed == 0
            found.append((case.incidents(), case.readings()))
    assert found[0] == found[1]


def test_findings_do_not_depend_on_the_order_of_arrival(tmp_path, clock, reports):
    found = []
    for seed in range(3):
        order = sorted(reports.iterdir())
        random.Random(seed).shuffle(order)
        with Case.create(tmp_path / f"case{seed}", name="x", collector="c", clock=clock) as case:
            for path in order:
                case.add(path)
            case.run(jobs=1)
            found.append(case.incidents())
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("stage", [parse, extract])
def test_a_new_version_of_a_stage_reads_everything_anew(case, reports, monkeypatch, stage):
    case.add(reports)
    case.run(jobs=1)
    before = case.readings()
    if stage is parse:
        monkeypatch.setattr(parse, "VERSION", "next")
    else:
        monkeypatch.setattr(extract, "version", lambda _: "extract next")
    assert case.status().waiting == (4 if stage is parse else 2) - (2 if stage is parse else 0)
    summary = case.run(jobs=1)
    assert (summary.parsed, summary.extracted, summary.done) == (4 if stage is parse else 0, 2, 2)
    assert [reading.document for reading in case.readings()] == [reading.document for reading in before]
    assert case.status().waiting == 0


def test_containers_in_containers_are_unpacked_with_their_parents(case, tmp_path):
    inner = a_zip({"deep.txt": b"Two people died in Kharkiv on 3 May 2022."})
    mail = a_mail("See the archive.", attachments={"inner.zip": inner}).as_bytes()
    (tmp_path / "outer.zip").write_bytes(a_zip({"letter.eml": mail, "note.txt": REPORT.encode()}))
    case.add(tmp_path / "outer.zip")
    assert case.run(jobs=1).failed == 0
    paths = [document.path.removeprefix(f"{tmp_path}/") for document in case.documents()]
    assert sorted(paths) == ["outer.zip/letter.eml", "outer.zip/letter.eml/inner.zip/deep.txt", "outer.zip/note.txt"]
    parents = {capture.original: capture.parent for capture in case.store.captures()}
    deep = next(document for document in case.documents() if document.path.endswith("deep.txt"))
    chain = [deep.id]
    while parents[chain[-1]]:
        chain.append(parents[chain[-1]])
    assert len(chain) == 4
    assert deep.parent == chain[1]


def test_containers_deeper_than_the_limit_are_refused(case, tmp_path):
    data = b"Two people died in Kharkiv on 3 May 2022."
    for level in range(7):
        data = a_zip({f"level{level}": data})
    (tmp_path / "deep.zip").write_bytes(data)
    case.add(tmp_path / "deep.zip")
    [failure] = case.run(jobs=1).failures
    assert "4 containers deep" in failure.reason
    assert len(case.store.originals()) == 5


def test_all_that_comes_out_of_one_thing_is_bounded_over_all_levels(case, tmp_path):
    case.settings = attrs.evolve(case.settings, max_parts=20)
    inner = {f"{n}.zip": a_zip({f"{n}-{m}.txt": b"%d %d" % (n, m) for m in range(9)}) for n in range(9)}
    (tmp_path / "wide.zip").write_bytes(a_zip(inner))
    case.add(tmp_path / "wide.zip")
    failures = case.run(jobs=1).failures
    assert failures
    assert all("more than 20 parts" in failure.reason for failure in failures)
    assert len(case.store.originals()) <= 21


def test_an_archive_that_holds_itself_ends(case, tmp_path):
    one = a_zip({"same.txt": b"Two people died in Kharkiv on 3 May 2022.", "again.txt": b"Two people died in Kharkiv on 3 May 2022."})
    (tmp_path / "a.zip").write_bytes(a_zip({"x.zip": one, "y.zip": one}))
    case.add(tmp_path / "a.zip")
    assert case.run(jobs=1).failed == 0
    assert (len(case.store.originals()), len(case.documents())) == (3, 1)


def test_a_reader_that_hangs_fails_alone_with_the_limit(case, reports, monkeypatch):
    case.settings = attrs.evolve(case.settings, parse_timeout_seconds=1, jobs=1)
    case.add(reports)
    call = pipeline._parse.BoundedWorker.call

    def slow(self, function, *arguments, timeout_seconds, **named):
        if named.get("path") == "reports/page.html":
            import time

            return call(self, time.sleep, 60, timeout_seconds=timeout_seconds)
        return call(self, function, *arguments, timeout_seconds=300, **named)

    monkeypatch.setattr(pipeline._parse.BoundedWorker, "call", slow)
    failures = {failure.reason.split(":")[0]: failure.reason for failure in case.run().failures}
    assert "longer than 1 seconds" in failures["reports/page.html"]
    assert case.status().done == 1


def test_an_original_that_was_changed_is_custody_and_the_others_are_worked_on(case, reports):
    case.add(reports)
    digest = next(capture.original for capture in case.store.captures() if capture.path.endswith("page.html"))
    path = case.store.folder / "originals" / digest[:2] / digest
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole.replace(b"14", b"15"))
    with pytest.raises(CustodyError, match=digest):
        case.run(jobs=1)
    status = case.status(check=True)
    assert (status.done, status.waiting) == (1, 1)
    assert digest in status.problems[0]
    path.write_bytes(whole)
    assert case.run(jobs=1).done == 2


def test_a_fault_of_ours_in_one_document_does_not_lose_the_others(case, reports, monkeypatch):
    real = extract.extract

    def faulty(document, models):
        if document.path.endswith("page.html"):
            raise IndexError("secret words")
        return real(document, models)

    monkeypatch.setattr(extract, "extract", faulty)
    case.add(reports)
    failures = {failure.reason.split()[0]: failure for failure in case.run(jobs=1).failures}
    assert failures["reports/page.html"].stage == "extract"
    assert "secret" not in failures["reports/page.html"].reason
    assert case.status().done == 1


def test_a_language_that_is_not_read_is_still_a_document(case, tmp_path):
    case.add(files(tmp_path / "r", ru_txt="Обстрел Киева унёс жизни двенадцати человек, сообщил мэр города во вторник."))
    assert case.run(jobs=1).failed == 0
    [reading] = case.readings()
    assert (reading.document.language, reading.events) == ("ru", ())


def test_a_file_that_changed_under_its_path_does_not_borrow_another_s_paths(case, tmp_path):
    text = "On 1 May 2023 shelling killed {} people in {}, the governor said.\n"
    (tmp_path / "a.txt").write_text(text.format(3, "Kherson"))
    (tmp_path / "b.txt").write_text(text.format(3, "Kherson"))
    case.add(tmp_path / "a.txt", tmp_path / "b.txt")
    (tmp_path / "a.txt").write_text(text.format(7, "Lviv"))
    case.add(tmp_path / "a.txt")
    case.run(jobs=1)
    found = {i.place.name: {path.rpartition("/")[2] for path in i.documents} for i in case.incidents().incidents if i.place}
    assert found == {"Kherson": {"a.txt", "b.txt"}, "Lviv": {"a.txt"}}


# --- single inputs


def inputs(data: bytes, path: str, **more):
    return list(pipeline.documents_in(data, path=path, settings=attrs.evolve(pipeline._parse.Settings(), **more)))


def test_parts_come_in_the_order_of_a_reader_each_after_its_container():
    data = a_zip({"1.txt": b"One person died.", "2.zip": a_zip({"a.txt": b"Two died.", "b.txt": b"Three died."}), "3.txt": b"Four died."})
    assert [item.path for item in inputs(data, "x.zip")] == ["x.zip/1.txt", "x.zip/2.zip/a.txt", "x.zip/2.zip/b.txt", "x.zip/3.txt"]


def test_what_can_t_be_read_keeps_its_place():
    data = a_zip({"1.txt": b"One person died.", "2.png": b"\x89PNG\r\n", "3.txt": b"Two died."})
    found = inputs(data, "x.zip")
    assert [type(item).__name__ for item in found] == ["Document", "Unread", "Document"]
    texts = [getattr(item, "path", "") for item in pipeline.read_documents(found)]
    assert texts[1] == "x.zip/2.png"


def test_the_limits_hold_for_single_inputs_too():
    data = b"Two died."
    for level in range(6):
        data = a_zip({f"{level}": data})
    assert "4 containers deep" in str(inputs(data, "x.zip")[0].error)
    many = a_zip({f"{n}.zip": a_zip({f"{n}-{m}.txt": b"%d %d" % (n, m) for m in range(9)}) for n in range(9)})
    assert any("more than 20 parts" in str(getattr(item, "error", "")) for item in inputs(many, "x.zip", max_parts=20))


def test_several_jobs_give_the_same_readings_in_the_same_order():
    documents = [
        item for n in range(5) for item in inputs(f"On {n + 1} May 2023 shelling killed {n + 3} people in Kherson.".encode(), f"{n}.txt")
    ]
    documents.insert(2, pipeline.Unread("odd.txt", AscertainError("odd.txt is odd")))
    assert list(pipeline.read_documents(documents, jobs=2)) == list(pipeline.read_documents(documents, jobs=1))


def test_a_long_text_is_read_within_limits():
    text = "On 1 May 2023 shelling killed three people in Kherson, the governor said.\n\n" * 3000
    settings = attrs.evolve(pipeline._parse.Settings(), extract_timeout_seconds=1)
    [document] = inputs(text.encode(), "long.txt")
    [ended] = pipeline.read_documents([document], settings=settings)
    assert isinstance(ended, pipeline.Unread)
    assert "longer than 1 seconds" in str(ended.error)


def test_a_reading_is_the_same_every_time():
    [document] = inputs(REPORT.encode(), "a.txt")
    one, two = (pipeline.read_document(document, load_models()) for _ in range(2))
    assert isinstance(one, Reading)
    assert pipeline.encode(one) == pipeline.encode(two)
