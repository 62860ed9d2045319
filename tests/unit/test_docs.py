"""The documentation names what is there, its links lead somewhere, and its examples run."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import attrs
import click
import pytest

import ascertain
from ascertain import errors
from ascertain.cli import COMMANDS, cli
from ascertain.config import Settings
from ascertain.models.media import EXTENSIONS

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted(
    page for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md"), *ROOT.glob("changelog.d/*.md"))
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NEEDS_A_CASE = ("Case.open(",)  # examples that are compiled and not run
KINDS = {"added", "changed", "fixed", "removed", "security", "findings"}


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get on the usual forges."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands() -> list[tuple[str, click.Command]]:
    context = click.Context(cli)
    found = [(f"ascertain {name}", cli.get_command(context, name)) for name in COMMANDS]
    inner = [
        (f"{path} {name}", command.get_command(context, name))
        for path, command in found
        if isinstance(command, click.Group)
        for name in command.list_commands(context)
    ]
    return found + inner


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# the reference


@pytest.mark.parametrize("page", ["commands.md", "settings.md"])
def test_the_reference_is_what_the_code_says(reference, page):
    assert text_of(REFERENCE / page) == reference.PAGES[page](), "run `make docs`"


def test_every_command_and_option_is_documented():
    page = text_of(REFERENCE / "commands.md")
    for path, command in commands():
        assert f"## `{path}`" in page
        part = page.split(f"## `{path}`", 1)[1].split("\n## `", 1)[0]
        for option in (parameter for parameter in command.params if isinstance(parameter, click.Option)):
            assert option.help, f"{path} {option.name} has no help"
            assert all(name in part for name in option.opts), f"{path} {option.opts}"


def test_every_example_of_the_reference_is_of_a_command_that_exists(reference):
    assert set(reference.EXAMPLES) <= {path.removeprefix("ascertain ") for path, _ in commands()}
    known = dict(commands())
    for name, lines in reference.EXAMPLES.items():
        options = {opt for parameter in known[f"ascertain {name}"].params for opt in parameter.opts}
        for line in lines:
            assert f"ascertain {name}" in line
            assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", line)) <= options, line


def test_every_setting_is_documented():
    page = text_of(REFERENCE / "settings.md")
    assert all(f"`{field.name}`" in page for field in attrs.fields(Settings))


def test_every_exit_status_and_error_is_documented():
    page = text_of(REFERENCE / "commands.md")
    for name, value in vars(errors).items():
        if name.startswith("EXIT_"):
            assert f"| {value} |" in page
        if inspect.isclass(value) and issubclass(value, errors.AscertainError):
            assert f"| `{name}` |" in page


def test_every_public_name_and_method_is_documented():
    page = text_of(REFERENCE / "python.md")
    assert all(f"ascertain.{name}" in page for name in ascertain.__all__ if not name.startswith("_"))
    methods = [name for name, _ in inspect.getmembers(ascertain.Case, callable) if not name.startswith("_")]
    assert [name for name in methods if f".{name}(" not in page] == []


def test_every_file_ending_that_is_read_is_documented():
    page = text_of(REFERENCE / "formats.md")
    assert [ending for ending in EXTENSIONS if f"`.{ending}`" not in page] == []


# links and examples


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_resolve(page):
    for target in LINK.findall(FENCE.sub("", text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} links to {target}, which is not there"
        assert not anchor or anchor in anchors(there), f"{name_of(page)} links to {target}, which has no such heading"


@pytest.mark.parametrize("page", [p for p in PAGES if "```python" in text_of(p)], ids=name_of)
def test_python_examples_run(page, tmp_path):
    for number, (language, code) in enumerate(FENCE.findall(text_of(page)), start=1):
        if language != "python":
            continue
        compile(code, f"{name_of(page)}, block {number}", "exec")
        if not any(mark in code for mark in NEEDS_A_CASE):
            about = {**os.environ, "TMPDIR": str(tmp_path)}
            ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=about, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stderr
            assert ran.stdout.strip()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_in_the_pages_exist(page):
    known = dict(commands())
    for language, code in FENCE.findall(text_of(page)):
        if language in {"python", "json", "toml", "text"}:
            continue
        for name, rest in re.findall(r"(?<![\w/-])(?:\.venv/bin/)?ascertain ([a-z]+)\b(.*)", code):
            assert f"ascertain {name}" in known, f"{name_of(page)}: ascertain {name}"
            options = {opt for parameter in known[f"ascertain {name}"].params for opt in parameter.opts}
            if isinstance(known[f"ascertain {name}"], click.Group):
                continue
            used = set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", re.sub(r'"[^"]*"|[|#>;].*', "", rest)))
            assert used <= options | {"--help"}, f"{name_of(page)}: ascertain {name}{rest}"


def test_the_rules_file_is_explained():
    rules = text_of(ROOT / "src/ascertain/assess/rules.toml")
    page = text_of(ROOT / "docs/explanation/independence.md")
    assert "docs/explanation/independence.md" in rules
    assert len(re.findall(r"^\d+\. \*\*", page, re.MULTILINE)) == 16
    for name in re.findall(r"\[([a-z ]+)\]`", page):
        assert f'name = "{name}"' in rules, f"the page names the rule {name}, which the file doesn't have"


# the changelog


def test_fragments_are_named_as_towncrier_wants_them():
    for fragment in (ROOT / "changelog.d").iterdir():
        if fragment.name not in {"README.md", ".gitkeep"}:
            assert re.fullmatch(rf"(\d+|\+[\w-]+)\.({'|'.join(KINDS)})\.md", fragment.name), fragment.name
            assert text_of(fragment).strip()
