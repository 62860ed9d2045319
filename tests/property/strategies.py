"""Any text, any reading of it, any decision about it: what the property tests draw from."""

from __future__ import annotations

from hypothesis import strategies as st

from ascertain.records import (
    Actuality,
    Capture,
    Cluster,
    Decision,
    DecisionKind,
    Document,
    Entity,
    EntityType,
    Event,
    EventType,
    Form,
    Linking,
    Mention,
    Outcome,
    Quantity,
    Reading,
    Span,
    Stance,
    Statement,
    TimeExpression,
    TimeKind,
)

ODD = "\r\n\t\x00\x07\x0b\x0c\x1c\x85\u2028\u2029\ufeff\u200b\u202e\ue000\U0010ffff🙂é́ßİ"
letters = st.characters(codec="utf-8") | st.sampled_from(ODD)
texts = st.text(letters, max_size=200)
full_texts = texts.filter(lambda text: text.strip())
broken_texts = st.text(st.characters() | st.sampled_from(ODD + "\ud800\udfff"), max_size=100)
prose = st.lists(
    st.sampled_from(
        ["Shelling killed 12 people in Kyiv.", "The mayor said so on Monday.", "“No,” he said.", "\n\n", "\r\n", " ", "5 April 2022", "At least 3 were hurt", "🙂", "—", "\x00"]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)  # fmt: skip
digests = st.integers(0, 2**64).map(lambda number: f"{number:064x}")
names = st.text(letters, min_size=1, max_size=30)


@st.composite
def spans(draw, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    return Span(start, draw(st.integers(start + 1, len(text))))


@st.composite
def documents(draw, text=full_texts) -> Document:
    optional = st.none() | names
    return Document(
        draw(digests),
        draw(names),
        draw(text),
        title=draw(optional),
        publisher=draw(optional),
        language=draw(st.sampled_from([None, "en", "uk"])),
    )


@st.composite
def readings(draw) -> Reading:
    found = draw(documents())
    passage = spans(found.text)
    several = st.lists(passage, min_size=1, max_size=3).map(tuple)
    numbers = st.none() | st.integers(0, 10**6)

    def some(make):
        return tuple(make(number) for number in range(draw(st.integers(0, 2))))

    def quantity(number: int) -> Quantity:
        low, high = draw(numbers), draw(numbers)
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Quantity(f"q{number}", draw(passage), low, high, approximate=draw(st.booleans()))

    return Reading(
        found,
        entities=some(lambda n: Entity(f"n{n}", draw(st.sampled_from(EntityType)), draw(names), draw(several))),
        times=some(lambda n: TimeExpression(f"t{n}", draw(passage), "2022-04-05", draw(st.sampled_from(TimeKind)))),
        quantities=some(quantity),
        statements=some(
            lambda n: Statement(
                f"s{n}", draw(several), draw(st.sampled_from(Form)), draw(st.sampled_from(Stance)), draw(st.none() | passage)
            )
        ),
        events=some(lambda n: Event(f"v{n}", draw(st.sampled_from(EventType)), draw(passage), draw(st.sampled_from(Actuality)))),
        made_by=draw(st.none() | names),
    )


captures = st.builds(
    Capture, id=names, original=digests, path=names, source=names, collector=names, captured_at=st.just("2026-01-02T03:04:05Z"), tool=names, media_type=names,
    size=st.integers(0, 10**12), headers=st.lists(st.tuples(names, names), max_size=3).map(tuple), parent=st.none() | digests,
    not_available=st.lists(names, max_size=2).map(tuple), context=st.dictionaries(names, names, max_size=3),
)  # fmt: skip
outcomes = st.builds(
    Outcome,
    original=digests,
    stage=st.sampled_from(["parse", "extract"]),
    state=st.sampled_from(["done", "failed"]),
    version=names,
    reason=st.none() | names,
)
decisions = st.builds(
    Decision, id=names, kind=st.sampled_from(DecisionKind), target=names, reviewer=names, decided_at=st.just("2026-01-02T03:04:05Z"), reason=names,
    attribute=st.none() | st.just("killed"), value=st.dictionaries(st.sampled_from(["at_least", "at_most"]), st.integers(0, 10**6)),
    anchor=st.lists(st.tuples(digests, st.just("0-4")), max_size=3).map(tuple),
)  # fmt: skip


@st.composite
def clusterings(draw) -> Linking:
    """Mentions of a few documents, each in one cluster."""
    mentions = [Mention(f"{d}.txt", f"v{e}", f"{d:064x}") for d in range(draw(st.integers(1, 4))) for e in range(draw(st.integers(1, 3)))]
    groups: dict[int, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(draw(st.integers(0, 3)), []).append(mention)
    return Linking(clusters=tuple(Cluster(f"incident-{number}", tuple(group)) for number, group in sorted(groups.items())))
