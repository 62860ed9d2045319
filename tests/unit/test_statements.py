"""Statements over sentences of every register: who is made responsible for which words, in which form and with which stance."""

from __future__ import annotations

from functools import cache

import pytest

from ascertain.extract import extract
from ascertain.models import load_models
from ascertain.records import Dated, Document, Reading, Statement


@cache
def read(text: str) -> Reading:
    return extract(Document(id="t", path="t", text=text, published=Dated("2024-05-08"), language="en"), load_models())


def holding(reading: Reading, words: str) -> list[Statement]:
    """Statements whose content has nine tenths of the words, and not much more."""
    start = reading.document.text.index(words)
    end = start + len(words)
    found = []
    for statement in reading.statements:
        covered = sum(max(0, min(end, s.end) - max(start, s.start)) for s in statement.content)
        if covered >= 0.9 * len(words) and sum(s.end - s.start for s in statement.content) <= 2 * len(words) + 40:
            found.append(statement)
    return found


def speaker_of(reading: Reading, statement: Statement) -> str:
    entity = next((e for e in reading.entities if e.id == statement.speaker), None)
    return "" if entity is None else " | ".join([entity.name, *entity.aliases, *(reading.words(m) for m in entity.mentions)])


SAID = [
    # text, content, speaker, form, stance
    ("Troops north of the dam could attack before winter, a local official who asked not to be named said.", "Troops north of the dam could attack before winter", "local official", "indirect", "asserts"),
    ("The rebels were accused by the governor of burning three villages.", "burning three villages", "governor", "indirect", "alleges"),
    ("A driver told the court that a former guard had confessed to him that the men were dead.", "the men were dead", "former guard", "indirect", "confirms"),
    ("He had been assured by the victim's wife that no ransom was paid.", "no ransom was paid", "wife", "indirect", "asserts"),
    ("The governor said on Monday that shells had hit the school.", "shells had hit the school", "governor", "indirect", "asserts"),
    ("Shells hit the school, the governor said.", "Shells hit the school", "governor", "indirect", "asserts"),
    ("Shells, Amina Yusuf said, had hit the school before dawn.", "had hit the school before dawn", "Amina Yusuf", "indirect", "asserts"),
    ("According to the Red Crescent, two drivers were detained.", "two drivers were detained", "Red Crescent", "indirect", "asserts"),
    ("Two drivers were detained, according to the Red Crescent.", "Two drivers were detained", "Red Crescent", "indirect", "asserts"),
    ('"We counted nine craters," said Colonel Ivan Petrenko.', "We counted nine craters", "Petrenko", "direct", "asserts"),
    ("“We counted nine craters,” Ivan Petrenko told reporters.", "We counted nine craters", "Petrenko", "direct", "asserts"),
    ("'We counted nine craters,' Ivan Petrenko said.", "We counted nine craters", "Petrenko", "direct", "asserts"),
    ('Ivan Petrenko said: "The troops\' convoy left at noon."', "convoy left at noon", "Petrenko", "direct", "asserts"),
    ('"We left," Amina Yusuf said, "because the shelling would not stop."', "because the shelling would not stop", "Amina Yusuf", "direct", "asserts"),
    ('The minister said the raid was "an act of murder" by the rebels.', 'the raid was "an act of murder" by the rebels', "minister", "mixed", "asserts"),
    ("The army denied that its jets had bombed the market.", "its jets had bombed the market", "army", "indirect", "denies"),
    ("The army has denied bombing the market in Idlib.", "bombing the market in Idlib", "army", "indirect", "denies"),
    ("The army did not deny that its jets had bombed the market.", "its jets had bombed the market", "army", "indirect", "asserts"),
    ("The rebels claimed that they had shot down a drone.", "they had shot down a drone", "rebels", "indirect", "alleges"),
    ("Prosecutors allege that he ordered the killings.", "he ordered the killings", "Prosecutors", "indirect", "alleges"),
    ("The ministry confirmed that three soldiers had been killed.", "three soldiers had been killed", "ministry", "indirect", "confirms"),
    ("The president vowed to retake the city before winter.", "retake the city before winter", "president", "indirect", "pledges"),
    ("The president pledged that the army would retake the city.", "the army would retake the city", "president", "indirect", "pledges"),
    ("The envoy urged both sides to lift the siege.", "lift the siege", "envoy", "indirect", "demands"),
    ("Analysts expect that the offensive will resume in spring.", "the offensive will resume in spring", "Analysts", "indirect", "expects"),
    ("Western diplomats doubt that the truce will hold.", "the truce will hold", "diplomats", "indirect", "doubts"),
    ("Aid agencies warned that the wells could run dry.", "the wells could run dry", "agencies", "indirect", "expects"),
    ("Blast kills nine at bus station - police", "Blast kills nine at bus station", "police", "indirect", "asserts"),
    ("Bridge was mined by retreating troops, ministry says", "Bridge was mined by retreating troops", "ministry", "indirect", "asserts"),
    ("14:05 Defence ministry: two jets crossed the border near Kessab", "two jets crossed the border near Kessab", "ministry", "indirect", "asserts"),
    ("The commander said the town was quiet but denied that his men had left.", "his men had left", "commander", "indirect", "denies"),
    ("A shepherd said a soldier had told him that the pass was mined.", "the pass was mined", "soldier", "indirect", "asserts"),
    ("A shepherd said a soldier had told him that the pass was mined.", "a soldier had told him that the pass was mined", "shepherd", "indirect", "asserts"),
    ("A senior official who asked not to be named said the talks had failed.", "the talks had failed", "official", "indirect", "asserts"),
    ("Residents reported hearing three explosions near the port.", "hearing three explosions near the port", "Residents", "indirect", "asserts"),
    ("The governor accused the rebels of burning the granary.", "burning the granary", "governor", "indirect", "alleges"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "content", "speaker", "form", "stance"), SAID)
def test_who_said_what(text: str, content: str, speaker: str, form: str, stance: str) -> None:
    reading = read(text)
    found = holding(reading, content)
    assert found, f"no statement holds {content!r}: {[[reading.words(s) for s in x.content] for x in reading.statements]}"
    told = [(speaker_of(reading, s), str(s.form), str(s.stance)) for s in found]
    assert any(speaker in who and form == how and stance == what for who, how, what in told), told


def test_pronouns_and_descriptions_mean_who_was_named() -> None:
    text = (
        "Helen Obi, the mayor of Dori, met reporters on Friday. She said that the market had burned down. "
        '"We lost everything," the mayor added.'
    )
    reading = read(text)
    for words in ("the market had burned down", "We lost everything"):
        assert any("Helen Obi" in speaker_of(reading, s) for s in holding(reading, words)), words


def test_he_who_quotes_is_nobody_inside_the_quotation() -> None:
    reading = read('Karim Wardak met reporters. "My brother was at the gate," he said.')
    assert any("Karim Wardak" in speaker_of(reading, s) for s in holding(reading, "My brother was at the gate"))


def test_a_long_quotation_is_one_statement_with_its_sentences_as_parts() -> None:
    text = '"We left at dawn. The road was mined. Nobody helped us," Amina Yusuf said.'
    reading = read(text)
    wholes = [s for s in reading.statements if s.part_of is None]
    parts = [s for s in reading.statements if s.part_of is not None]
    assert len(wholes) == 1
    assert [reading.words(s.content[0]).rstrip(".") for s in parts] == ["We left at dawn", "The road was mined", "Nobody helped us"]
    assert {s.part_of for s in parts} == {wholes[0].id}


def test_a_quotation_over_two_paragraphs_goes_on() -> None:
    text = '"We left at dawn because the shelling came closer," Amina Yusuf said.\n\n"The road was mined and nobody helped us on the way."'
    reading = read(text)
    assert any("Amina Yusuf" in speaker_of(reading, s) for s in holding(reading, "The road was mined and nobody helped us on the way"))


def test_a_transcript_gives_each_line_to_its_label() -> None:
    text = (
        "KHUN REH: We left the village at dawn.\nNAW MU: The soldiers burned the church.\nKHUN REH: Nobody was inside.\nNAW MU: Two were."
    )
    reading = read(text)
    by_words = {reading.words(s.content[0]).rstrip("."): reading.words(s.speaker_passage) for s in reading.statements if s.speaker_passage}
    assert by_words["The soldiers burned the church"] == "NAW MU"
    assert by_words["Nobody was inside"] == "KHUN REH"


def test_an_apostrophe_is_no_quotation_mark() -> None:
    reading = read("The troops' convoy left the soldiers' camp at dawn.")
    assert reading.statements == ()


@pytest.mark.parametrize(
    "text",
    [
        "Shells hit the school at dawn.",
        'The so-called "safe zone" was empty.',
        "The film “The Battle of Algiers” won a prize.",
    ],
)
def test_nobody_else_vouches_for_the_documents_own_voice(text: str) -> None:
    assert [s for s in read(text).statements if s.speaker] == []
