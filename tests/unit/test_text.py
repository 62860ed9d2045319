"""Plain text: decoded, otherwise unchanged; its head tells title, publisher, byline and date; its language is told."""

from __future__ import annotations

import codecs

import pytest
from builders import REPORT, a_source

from ascertain.errors import InputError, LimitError
from ascertain.parse import Limits
from ascertain.parse._language import language_of
from ascertain.parse._text import decode, parse_text

RUSSIAN = "Обстрел Киева унёс жизни двенадцати человек, сообщил мэр. Министерство обороны это отрицает."
FRENCH = "L’armée a bombardé l’hôpital de la ville, a déclaré le maire. « Douze personnes ont été tuées » – selon lui."
ENGLISH = "The mayor said “twelve people” were killed – he added that the ministry’s word was false."
ARABIC = "قال رئيس البلدية إن القصف أدى إلى مقتل اثني عشر شخصا في المدينة يوم الاثنين"


def document(text: str | bytes, **more):
    return parse_text(a_source(text, **more)).document


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "utf-8"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "utf-16"), (RUSSIAN, "utf-32"), (FRENCH, "cp1252"),
        ("El ejército atacó la ciudad; según el alcalde murieron doce niños. ¿Quién fue?", "latin-1"), (ARABIC, "cp1256"),
        ("市长说,星期一的炮击造成市内十二人死亡。国防部否认这一说法。", "gb18030"), (ENGLISH, "cp1252"), (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"), ("plain", "ascii"),
    ],
)  # fmt: skip
def test_an_encoding_is_told_from_the_bytes(text, encoding):
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_part_of_the_text(mark, encoding):
    assert decode(mark + RUSSIAN.encode(encoding), "a.txt") == RUSSIAN


def test_a_declared_encoding_is_believed_where_the_bytes_are_not_utf_8():
    assert decode("Żołnierze ostrzelali wieś".encode("iso-8859-2"), "a.html", "iso-8859-2") == "Żołnierze ostrzelali wieś"


@pytest.mark.parametrize("declared", ["no-such-encoding", "utf-8", "ascii"])
def test_a_wrong_declaration_is_not(declared):
    assert decode(RUSSIAN.encode("cp1251"), "a.html", declared) == RUSSIAN


def test_one_broken_byte_does_not_turn_a_text_into_another_encoding():
    data = RUSSIAN.encode() + b"\xd0" + b" end"
    assert decode(data, "a.txt") == RUSSIAN + "\ufffd end"


def test_bytes_that_are_no_text_are_refused_with_what_to_do():
    with pytest.raises(InputError, match=r"a\.txt") as refused:
        decode(bytes(range(32)) * 40, "a.txt")
    assert refused.value.advice


def test_line_ends_controls_and_blanks_stay_where_they_are():
    text = "\r\n  Title\r\n\r\nBody\twith\x00 a zero, a\x0c page\u2028 and a bell\x07.\n\n\n"
    assert document(text).text == text


def test_a_text_without_words_is_refused():
    with pytest.raises(InputError, match="holds no text"):
        document(" \n\t\r\n")


def test_a_text_beyond_the_limit_is_refused():
    with pytest.raises(LimitError, match="longer than 10 characters"):
        document("x" * 11, limits=Limits(max_text_characters=10))


@pytest.mark.parametrize(
    ("text", "title", "publisher", "byline", "published"),
    [
        (REPORT, "Shelling kills twelve in Harvan", "Sample Wire", None, "2022-04-05"),
        ("Harvan Daily | 27 March 2021 | News\n\nTwo towns shelled\nBy Jane Field\n\nTwo towns were shelled on Friday. Nobody was hurt.", "Two towns shelled", "Harvan Daily", "Jane Field", "2021-03-27"),
        ("Published: 2022-04-05\n\nThe mayor spoke on 1 April 2022. He said so.", None, None, None, "2022-04-05"),
        ("date 2022-04-05\nThe mayor said that on 1 March 2022 it was quiet. Then it was not.", None, None, None, "2022-04-05"),
        ("The mayor said on 1 April 2022 that it was quiet. Nothing else was said.", None, None, None, None),
        ("5/6/2022\n\nNobody knows which day that is. It stays open.", None, None, None, None),
        ("GOMA, March 3, 2024. Rebels took the town. Nobody confirmed it.", None, None, None, "2024-03-03"),
    ],
)  # fmt: skip
def test_the_head_of_a_text_tells(text, title, publisher, byline, published):
    found = document(text)
    told = found.published.value if found.published else None
    assert (found.title, found.publisher, found.byline, told) == (title, publisher, byline, published)


def test_the_date_s_words_are_its_passage():
    found = document(REPORT)
    assert found.text[slice(*found.published.passage)] == "5 April 2022"


@pytest.mark.parametrize(
    ("text", "language"), [(RUSSIAN, "ru"), (FRENCH, "fr"), (ENGLISH, "en"), (ARABIC, "ar"), ("12.4.", None), ("Ok.", None)]
)
def test_a_language_is_told_where_there_is_enough_of_it(text, language):
    assert language_of(text) == language
