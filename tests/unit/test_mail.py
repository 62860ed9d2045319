"""Mail: the message is a document, attachments and attached messages are parts; a mailbox is its messages."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from builders import REPORT, a_mail, a_page, a_pdf, a_source, an_mbox

from ascertain.errors import InputError
from ascertain.parse._mail import parse_mail, parse_mbox


def parsed(message: EmailMessage | bytes):
    data = message if isinstance(message, bytes) else message.as_bytes()
    return parse_mail(a_source(data, "note.eml", "message/rfc822"))


def test_a_message_tells_subject_sender_and_date():
    found = parsed(a_mail("Two people died in the town today.\n")).document
    assert (found.title, found.byline, found.published.value) == ("Field note", '"A. Monitor" <a@example.org>', "2022-04-06")
    assert found.text.strip() == "Two people died in the town today."


def test_the_date_in_the_words_wins_over_the_header_s():
    assert parsed(a_mail(REPORT)).document.published.value == "2022-04-05"


def test_an_html_message_is_read_as_a_page():
    assert "at least 12 people" in parsed(a_mail("", html=a_page())).document.text


def test_of_two_forms_of_one_text_the_plain_one_is_read():
    assert parsed(a_mail("Plain words here.", html="<p>Other words.</p>")).document.text.strip() == "Plain words here."


def test_attachments_are_parts_with_their_names_and_bytes():
    pdf = a_pdf()
    found = parsed(a_mail("See the files.", attachments={"list of dead.pdf": pdf, "../../etc/passwd": b"x", "empty.txt": b""}))
    assert [(child.name, child.data) for child in found.children] == [("list of dead.pdf", pdf), ("etc/passwd", b"x")]
    assert all(child.context["attached"] == "yes" for child in found.children)


def test_an_attached_message_is_a_part_and_its_words_are_not_the_outer_one_s():
    outer = a_mail("I pass this on.")
    outer.add_attachment(a_mail("The inner words.", Subject="Inner"))
    found = parsed(outer)
    assert "inner words" not in found.document.text
    [child] = found.children
    assert parsed(child.data).document.title == "Inner"


def test_a_message_with_attachments_only_has_no_document():
    found = parsed(a_mail("", attachments={"a.txt": b"Two died."}))
    assert (found.document, len(found.children)) == (None, 1)


@pytest.mark.parametrize(
    "headers", [{"Subject": "=?utf-8?q?caf=C3=A9?="}, {"Date": "never"}, {"From": "@@@"}, {"Subject": "=?no-such?b?////?="}, {"Date": "Wed, 99 Apr 99999 10:00:00"}]
)  # fmt: skip
def test_odd_headers_do_no_harm(headers):
    raw = "".join(f"{k}: {v}\n" for k, v in ({"Subject": "x", "From": "a@b"} | headers).items()) + "\nTwo people died in the town.\n"
    assert parsed(raw.encode()).document.text.strip() == "Two people died in the town."


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "utf-8", "no-such-charset"])
def test_a_charset_is_believed_where_it_is_known(charset):
    known = charset if charset != "no-such-charset" else "utf-8"
    raw = (
        f"Subject: x\nFrom: a@b\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode()
        + "Обстрел города".encode(known)
    )
    assert parsed(raw).document.text.strip() == "Обстрел города"


@pytest.mark.parametrize("data", [b"", b"no header at all", b"Subject: only\n\n", b"\xff\xfe\xfd"])
def test_what_is_no_mail_is_refused(data):
    with pytest.raises(InputError, match=r"note\.eml"):
        parsed(data)


def test_a_damaged_attachment_is_kept_as_far_as_it_goes_or_said():
    raw = (
        b'Subject: x\nFrom: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nTwo people died in the town.\n--b\n'
        b'Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64\n\n%%%%not base64\n--b--\n'
    )
    found = parsed(raw)
    assert found.document.text.strip() == "Two people died in the town."
    assert len(found.children) + len(found.notes) == 1


def test_a_mailbox_is_its_messages():
    found = parse_mbox(a_source(an_mbox(a_mail("First words of one."), a_mail("Second words of two.", Subject="Two")), "in.mbox"))
    assert [child.name for child in found.children] == ["#1", "#2"]
    assert parsed(found.children[1].data).document.title == "Two"


def test_quoted_from_lines_are_put_right():
    found = parse_mbox(a_source(an_mbox(a_mail("x\n>From the hill they fired.\nThen left.")), "in.mbox"))
    assert "\nFrom the hill they fired." in parsed(found.children[0].data).document.text


def test_what_is_no_mailbox_is_refused():
    with pytest.raises(InputError, match="no mailbox"):
        parse_mbox(a_source(b"From the hill they fired.\n", "in.mbox"))
