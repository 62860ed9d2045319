"""robots.txt after RFC 9309: which group, which rule, and how long a pause."""

from __future__ import annotations

import pytest

from ascertain.capture._robots import Rule, parsed, robots_of


def allowed(text: str, path: str) -> bool:
    return parsed(text).against(path) is None


@pytest.mark.parametrize(
    ("rules", "path", "open_"),
    [
        ("Disallow: /a", "/a/b", False), ("Disallow: /a", "/b/a", True), ("Disallow:", "/a", True), ("Disallow: /", "/a", False),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True), ("Allow: /a/b\nDisallow: /a", "/a/b/c", True), ("Allow: /a\nDisallow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False), ("Disallow: /*.pdf$", "/x/y.pdf?z", True), ("Disallow: /a*b*c", "/axxbyyc/d", False),
        ("Disallow: /a*b*c", "/axxcyyb", True), ("Disallow: /*a$", "/aba", False), ("Disallow: /a$", "/a", False), ("Disallow: /a$", "/ab", True),
        ("Disallow: /a*", "/ab", False), ("disallow : /a # remark", "/a", False),
    ],
)  # fmt: skip
def test_the_longest_rule_that_matches_counts(rules, path, open_):
    assert allowed(f"User-agent: *\n{rules}\n", path) is open_


def test_the_group_that_names_us_counts_alone():
    text = (
        "User-agent: *\nDisallow: /\n\nUser-agent: Other\nUser-agent: Ascertain/2.0\nDisallow: /x\n\nuser-agent: ascertain\nDisallow: /y\n"
    )
    assert allowed(text, "/a")
    assert not allowed(text, "/x")
    assert not allowed(text, "/y")


def test_a_name_that_only_begins_like_ours_is_another():
    assert allowed("User-agent: ascertainment\nDisallow: /\n", "/a")


def test_rules_before_any_group_say_nothing():
    assert allowed("Disallow: /\nUser-agent: other\nDisallow: /\n", "/a")


@pytest.mark.parametrize(
    ("status", "open_"), [(200, True), (404, True), (403, True), (301, True), (500, False), (503, False), (429, False)]
)
def test_what_an_answer_without_rules_means(status, open_):
    assert (robots_of(status, b"").against("/") is None) is open_


@pytest.mark.parametrize(("value", "seconds"), [("2", 2.0), ("0.5", 0.5), ("999", 30.0), ("-1", 0.0), ("1e9", 0.0), ("soon", 0.0)])
def test_a_delay_is_bounded(value, seconds):
    assert parsed(f"User-agent: *\nCrawl-delay: {value}\n").delay_seconds == seconds


def test_bytes_that_are_no_text_do_no_harm():
    assert robots_of(200, b"\xff\xfeUser-agent: *\r\nDisallow: /a\r\x00").against("/a") is None


class Counted(str):
    """A path that counts how often it is searched."""

    __slots__ = ("searches",)

    def find(self, *arguments):
        self.searches += 1
        return super().find(*arguments)

    def rfind(self, *arguments):
        self.searches += 1
        return super().rfind(*arguments)


def test_a_pattern_of_many_signs_is_searched_once_for_each():
    path = Counted("/" + "a" * 20_000)
    path.searches = 0
    assert not Rule("/" + "*a" * 5_000 + "b$", allows=False).matches(path)
    assert path.searches == 5_000
