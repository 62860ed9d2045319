"""`ascertain doctor`: what is installed and what is missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys

import click

from ascertain import __version__
from ascertain.cli._screen import print_table
from ascertain.errors import EXIT_DONE, EXIT_INPUT, AscertainError
from ascertain.models import load_models

OPTIONAL = {  # by the extra that brings it
    "formats": {
        "trafilatura": "web pages",
        "htmldate": "dates of web pages",
        "pypdfium2": "PDF",
        "docx": "DOCX",
        "warcio": "WARC and WACZ",
        "defusedxml": "RSS and Atom",
        "charset_normalizer": "encodings other than UTF-8",
    },
    "web": {
        "starlette": "the workbench",
        "uvicorn": "serving the workbench",
        "python_multipart": "uploads in the workbench",
        "argon2": "passwords of the workbench",
        "fido2": "security keys",
        "authlib": "logging in through an identity provider",
        "requests": "asking an identity provider",
    },
}
DISTRIBUTIONS = {
    "docx": "python-docx",
    "charset_normalizer": "charset-normalizer",
    "python_multipart": "python-multipart",
    "argon2": "argon2-cffi",
}


@click.command()
def command() -> int:
    """Say what is installed, which models are in use, and how to get what is missing."""
    rows = [("ascertain", __version__), ("python", sys.version.split()[0])]
    missing = 0
    try:
        models = load_models()
        models.language.parse("All the facts must be established.")
        rows += [("language model", models.language.version), ("gazetteer", models.places.version)]
    except AscertainError as error:
        missing += 1
        rows.append(("models", f"missing: {error} Next: {error.advice}"))
    rows += [_optional(module, use, extra) for extra, modules in OPTIONAL.items() for module, use in modules.items()]
    print_table(rows)
    return EXIT_INPUT if missing else EXIT_DONE


def _optional(module: str, use: str, extra: str) -> tuple[str, str]:
    name = DISTRIBUTIONS.get(module, module)
    if importlib.util.find_spec(module) is None:
        return name, f"missing; needed for {use}: pip install 'ascertain[{extra}]'"
    return name, f"{importlib.metadata.version(name)}, for {use}"
