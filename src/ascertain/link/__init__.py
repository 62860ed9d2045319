"""What belongs together: texts that are copies, and mentions of one happening; every join says why.

The result depends on the readings alone, not on their order.
"""

from __future__ import annotations

from ascertain.link._articles import Article
from ascertain.link._clusters import average_link
from ascertain.link._copies import find_copies
from ascertain.link._count_figures import incident_counts
from ascertain.link._documents import ArticleGroup, article_of, link_articles
from ascertain.link._happenings import VIOLENT_FAMILIES, family_of
from ascertain.link._incidents import VERSION, link
from ascertain.link._mentions import link_mentions
from ascertain.link._victims import VictimEntry, VictimLinking, VictimPair, link_victims

__all__ = [
    "VERSION", "VIOLENT_FAMILIES", "Article", "ArticleGroup", "VictimEntry", "VictimLinking", "VictimPair", "article_of", "average_link", "family_of", "find_copies", "incident_counts", "link",
    "link_articles", "link_mentions", "link_victims",
]  # fmt: skip
