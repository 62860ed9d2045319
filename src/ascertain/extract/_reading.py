"""The order of the finders: dataflow that can be read, no state between documents."""

from __future__ import annotations

import attrs

from ascertain.extract._actuality_learned import judged
from ascertain.extract._attribution import attributions
from ascertain.extract._cues import VERBS, WEAK
from ascertain.extract._entities import find_entities
from ascertain.extract._entities_named import teller_nouns, whole_names, with_first_persons
from ascertain.extract._events import find_events
from ascertain.extract._names import names_of
from ascertain.extract._places import find_places
from ascertain.extract._quantities import find_quantities
from ascertain.extract._repairs import repaired
from ascertain.extract._statements import find_statements
from ascertain.extract._times import find_times
from ascertain.models import Models
from ascertain.records import Document, Reading

VERSION = "3"
SURE = frozenset(VERBS) - WEAK  # saying verbs that are cues by themselves
LANGUAGES = {"en", None}


def version(models: Models) -> str:
    """Version of the code and the models, as kept with every reading."""
    reader = models.encoder.version if models.encoder is not None else "no encoder"
    return f"extract {VERSION} {models.language.version} {models.places.version} {reader}"


def extract(document: Document, models: Models) -> Reading:
    """Read one document.

    Raises:
        InputError: a model is missing or not the one that was measured with.
    """
    if document.language not in LANGUAGES:
        return Reading(document, made_by=f"{version(models)}; not read: the language is {document.language}, only English is read so far")
    parse = repaired(models.language.parse(document.text))
    marks = models.encoder.read(document.text) if models.encoder is not None else None
    if marks is not None:
        parse = whole_names(attrs.evolve(parse, names=names_of(document.text, marks)))
    places = find_places(parse, models.places)
    times = find_times(parse, published=document.published.value if document.published else None)
    quantities = find_quantities(parse, times)
    said = attributions(document.text, marks) if marks is not None else None
    speakers = [*(a.source for a in said or () if a.source is not None), *teller_nouns(parse, SURE)]
    entities = find_entities(parse, places, learned=marks is not None, speakers=speakers)
    statements = find_statements(parse, entities=entities, times=times, learned=said)
    entities = with_first_persons(parse, entities, statements)
    events = find_events(parse, entities=entities, times=times, quantities=quantities, statements=statements)
    if marks is not None:
        events = judged(events, marks)
    return Reading(document, entities, times, quantities, statements, events, made_by=version(models))
