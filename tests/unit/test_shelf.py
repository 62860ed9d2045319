"""A shelf gives back the readings that were put on it, in order of id, and packs what it does not show."""

import pytest

from ascertain import pipeline
from ascertain.records import Document, Shelf, shelved


@pytest.fixture(scope="module")
def readings():
    texts = ("Police said 12 people were killed in Goma on Tuesday.", "The army denied that it shelled Bunia.", "Rain is expected in Beni.")
    documents = [Document(id=f"{n}" * 64, path=f"{n}.txt", text=text, language="en") for n, text in enumerate(texts, start=1)]
    return list(pipeline.read_documents(documents))


def test_a_shelf_gives_back_equal_readings_in_order_of_id(readings):
    shelf = Shelf(reversed(readings))
    assert list(shelf) == readings
    assert [shelf[n] for n in range(3)] == readings
    assert shelf[-1] == readings[-1]
    assert shelf[1:] == readings[1:]
    assert shelf.of(readings[2].document.id) == readings[2]
    assert shelf.paths == ("1.txt", "2.txt", "3.txt")


def test_what_is_not_there_is_said(readings):
    shelf = Shelf(readings[:1])
    assert shelf.holds(readings[0].document.id)
    assert not shelf.holds(readings[1].document.id)
    with pytest.raises(IndexError):
        shelf[1]
    with pytest.raises(KeyError):
        shelf.of("unknown")


def test_a_shelf_stays_what_it_is(readings):
    shelf = Shelf(readings)
    assert shelved(shelf) is shelf
    assert list(shelved(readings)) == readings


def test_only_the_latest_readings_stay_open(readings, monkeypatch):
    monkeypatch.setattr("ascertain.records.shelf.KEPT", 1)
    shelf = Shelf(readings)
    first = shelf[0]
    assert shelf[0] is first
    assert shelf[1] == readings[1]
    assert shelf[0] is not first
    assert shelf[0] == first
