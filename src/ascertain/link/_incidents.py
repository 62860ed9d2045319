"""Incidents: happenings of different documents joined where kind, place, time, people, counts and words agree.

A pair's score is a sum of stated parts (`_pairs`); clusters grow by average link (`_clusters`), so that one round-up can't glue two
incidents together. The result depends on the readings alone, not on their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import combinations

from ascertain.link._clusters import average_link
from ascertain.link._copies import find_copies
from ascertain.link._corrections import corrected
from ascertain.link._happenings import Happening, happenings_of_all
from ascertain.link._pairs import JOIN, Pair, score_pairs
from ascertain.records import Cluster, Linking, Mention, Reading, Setting

VERSION = "2"
REASONS = 40  # link sentences that a cluster keeps, the strongest first


def link(readings: Sequence[Reading]) -> Linking:
    """Group copies, and mentions of one happening.

    Returns:
        Copies in order of path; clusters in order of id, each with its reasons.
    """
    ordered = sorted(readings, key=lambda r: r.document.id)
    copies = find_copies(ordered)
    happenings = corrected(happenings_of_all(ordered))
    scored = score_pairs(happenings, copies)
    groups = average_link(len(happenings), {key: pair.score for key, pair in scored.items()}, threshold=JOIN)
    clusters = [_cluster([happenings[i] for i in group], [scored[p] for p in combinations(group, 2) if p in scored]) for group in groups]
    return Linking(copies, tuple(sorted(clusters, key=lambda c: c.id)), tuple(_setting(h) for h in happenings))


def _setting(happening: Happening) -> Setting:
    return Setting(
        happening.document, tuple(e.id for e in happening.events), happening.spots, happening.earliest.isoformat(), happening.latest.isoformat(),
        happening.dated or happening.named, happening.lead, happening.guessed,
    )  # fmt: skip


def _cluster(happenings: Sequence[Happening], pairs: Sequence[Pair]) -> Cluster:
    mentions = sorted(
        {Mention(h.path, e.id, h.document) for h in happenings for e in h.events}, key=lambda m: (m.document, int(m.event[1:]))
    )
    first = f"{mentions[0].document}\n{mentions[0].event}"
    strongest = sorted(pairs, key=lambda p: (-p.score, p.reason))[:REASONS]
    return Cluster("incident-" + hashlib.sha256(first.encode()).hexdigest()[:12], tuple(mentions), tuple(p.reason for p in strongest))
