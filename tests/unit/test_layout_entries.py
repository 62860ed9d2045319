"""Round-ups: paragraphs with heads of their own are news of their own; fields of one report and turns of a transcript are not."""

from __future__ import annotations

from ascertain.records import Document, lay_out


def heads(text: str) -> list[str]:
    layout = lay_out(Document(id="0" * 64, path="a.txt", text=text))
    return [text[span.start : span.end] for _, span in layout.entries]


def test_countries_and_places_with_days_are_entries():
    text = (
        "The week\nMonitor\n21 October 2022\n\nPERU. One man was shot.\n\nCHAD. Two women were hurt.\n\nNORWAY - The king is well again.\n"
    )
    assert heads(text) == ["PERU", "CHAD", "NORWAY"]
    text = "The week\nMonitor\n21 October 2022\n\nBalkh, Thu 13. A shell fell.\n\nKohat, Sat 15. A bomb went off.\n\nBannu, Tue 18. Two were taken.\n"
    assert heads(text) == ["Balkh, Thu 13", "Kohat, Sat 15", "Bannu, Tue 18"]


def test_turns_of_a_transcript_are_no_entries():
    text = "Morning\nRadio\n6 May 2024\n\nHOST: Good morning.\n\nKASSAR: Good morning.\n\nHOST: What happened?\n\nKASSAR: A blast.\n"
    assert heads(text) == []


def test_fields_of_one_report_are_no_entries():
    text = "Flash\nRelief\n6 May 2024\n\nWHERE: In the camp.\n\nWHEN: At noon.\n\nCASUALTIES: Two dead.\n\nNEEDS: Blood and fuel.\n"
    assert heads(text) == []


def test_two_heads_make_no_round_up():
    assert heads("Two\nMonitor\n6 May 2024\n\nPERU. One man was shot.\n\nCHAD. Two women were hurt.\n") == []
