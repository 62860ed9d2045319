"""Incidents: happenings of different documents joined where kind, place, time, people, counts and words agree.

A pair's score is a sum of stated parts (`_pairs`); clusters grow by average link (`_clusters`), so that one round-up can't glue two
incidents together. The result depends on the readings alone, not on their order.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from ascertain.link._clusters import adopt, average_link, knit
from ascertain.link._copies import find_copies
from ascertain.link._corrections import corrected
from ascertain.link._happenings import Happening, happenings_of_all
from ascertain.link._pairs import JOIN, Pair, echo_of, score_pairs
from ascertain.link._worded import is_worded
from ascertain.records import Cluster, CopyGroup, Linking, Mention, Reading, Setting, Worded, shelved

VERSION = "5"
REASONS = 40  # link sentences that a cluster keeps, the strongest first


def link(readings: Sequence[Reading]) -> Linking:
    """Group copies, and mentions of one happening.

    Returns:
        Copies in order of path; clusters in order of id, each with its reasons.
    """
    ordered = shelved(readings)
    copies = find_copies(ordered)
    happenings = corrected(happenings_of_all(ordered))
    echoes = {path: group.fullest for group in copies for path in group.documents if path != group.fullest}
    heard = [n for n, h in enumerate(happenings) if h.path not in echoes]
    scored, groups = _grouped([happenings[n] for n in heard])
    groups = _with_echoes([[heard[i] for i in group] for group in groups], happenings, echoes)
    reasons = {(heard[one], heard[other]): pair for (one, other), pair in scored.items()}
    return _linking(copies, happenings, groups, reasons)


def _grouped(happenings: Sequence[Happening]) -> tuple[dict[tuple[int, int], Pair], list[list[int]]]:
    """Pairs with their scores, and groups of happenings that are one; copies are not among them."""
    scored = score_pairs(happenings)
    groups = average_link(len(happenings), {key: pair.score for key, pair in scored.items()}, threshold=JOIN)
    groups = knit(groups, {key: (pair.score, pair.fits) for key, pair in scored.items()}, threshold=JOIN)
    fitting = {key: (pair.score, pair.telling) for key, pair in scored.items() if pair.fits}
    return scored, adopt(groups, fitting, [n for n, happening in enumerate(happenings) if happening.lead])


def _with_echoes(groups: Sequence[Sequence[int]], happenings: Sequence[Happening], echoes: Mapping[str, str | None]) -> list[list[int]]:
    """The groups with the happenings of copies beside those of the text that is heard for them; so copies change nothing else."""
    made = [list(group) for group in groups]
    home = {item: number for number, group in enumerate(made) for item in group}
    of_path: dict[str, list[int]] = defaultdict(list)
    for number in home:
        of_path[happenings[number].path].append(number)
    for number, happening in enumerate(happenings):
        if happening.path in echoes:
            fellow = echo_of(happening, [(n, happenings[n]) for n in of_path[echoes[happening.path] or ""]])
            if fellow is None:
                made.append([number])
            else:
                made[home[fellow]].append(number)
    return [sorted(group) for group in made]


def _linking(
    copies: tuple[CopyGroup, ...], happenings: Sequence[Happening], groups: Sequence[Sequence[int]], scored: Mapping[tuple[int, int], Pair]
) -> Linking:
    clusters: list[Cluster] = []
    worded: list[Worded] = []
    for group in groups:
        members = [happenings[i] for i in group]
        if all(is_worded(e) for h in members for e in h.events):
            continue  # words without events join what others tell, and make no incident of their own
        cluster = _cluster(members, [scored[p] for p in combinations(group, 2) if p in scored])
        clusters.append(cluster)
        worded += [Worded(cluster.id, h.document, h.path, e.trigger) for h in members for e in h.events if is_worded(e)]
    settings = tuple(_setting(h) for h in happenings)
    return Linking(
        copies, tuple(sorted(clusters, key=lambda c: c.id)), settings, tuple(sorted(worded, key=lambda w: (w.document, w.passage)))
    )


def _setting(happening: Happening) -> Setting:
    first, last = happening.hint or (happening.earliest, happening.latest)
    dated = happening.dated or happening.hint is not None
    return Setting(
        happening.document, tuple(e.id for e in happening.events), happening.spots, first.isoformat(), last.isoformat(), dated, happening.lead,
        happening.guessed,
    )  # fmt: skip


def _cluster(happenings: Sequence[Happening], pairs: Sequence[Pair]) -> Cluster:
    mentions = sorted(
        {Mention(h.path, e.id, h.document) for h in happenings for e in h.events if not is_worded(e)},
        key=lambda m: (m.document, int(m.event[1:])),
    )
    first = f"{mentions[0].document}\n{mentions[0].event}"
    strongest = sorted(pairs, key=lambda p: (-p.score, p.reason))[:REASONS]
    return Cluster("incident-" + hashlib.sha256(first.encode()).hexdigest()[:12], tuple(mentions), tuple(p.reason for p in strongest))
