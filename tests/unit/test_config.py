"""Settings: environment over the case's file over the default; nonsense is named."""

from __future__ import annotations

import attrs
import pytest

from ascertain.config import Settings, explain_settings, load_settings
from ascertain.errors import CaseError, UsageError


def a_case(tmp_path, settings: str):
    (tmp_path / "ascertain.toml").write_text(f'[case]\nname = "x"\n[settings]\n{settings}\n', encoding="utf-8")
    return tmp_path


def test_defaults_hold_where_nothing_is_said():
    assert load_settings(None, {}) == Settings()


def test_the_file_wins_over_the_default_and_the_environment_over_the_file(tmp_path):
    case = a_case(tmp_path, "jobs = 7\nmax_pages = 9")
    assert load_settings(case, {}).jobs == 7
    told = {name: (value, source) for name, value, source, _ in explain_settings(case, {"ASCERTAIN_JOBS": "3"})}
    assert told["jobs"] == ("3", "ASCERTAIN_JOBS")
    assert told["max_pages"] == ("9", "ascertain.toml")
    assert told["max_depth"] == ("4", "default")


def test_every_setting_says_what_it_is_for():
    assert all(len(field.metadata["meaning"]) > 20 for field in attrs.fields(Settings))


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "", "0", "²", "9" * 400, "True"])
def test_a_value_that_is_no_count_is_refused_with_its_place(value):
    with pytest.raises(UsageError, match="jobs") as refused:
        load_settings(None, {"ASCERTAIN_JOBS": value})
    assert refused.value.advice


@pytest.mark.parametrize(
    "text", ["jobs = ", "[case", "\x00", "[settings]\nspeed = 4", "settings = 3", '[settings]\njobs = "two"\njobs = 2'], ids=repr
)
def test_a_damaged_file_is_an_error_of_the_case(tmp_path, text):
    (tmp_path / "ascertain.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match="ascertain.toml"):
        load_settings(tmp_path, {})


def test_bytes_that_are_no_text_are_an_error_of_the_case(tmp_path):
    (tmp_path / "ascertain.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseError, match="can't be read"):
        load_settings(tmp_path, {})
