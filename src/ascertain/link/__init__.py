"""What belongs together: texts that are copies, and mentions of one happening; every join says why.

The result depends on the readings alone, not on their order.
"""

from __future__ import annotations

from ascertain.link._articles import Article
from ascertain.link._clusters import average_link
from ascertain.link._copies import find_copies
from ascertain.link._documents import ArticleGroup, article_of, link_articles
from ascertain.link._happenings import VIOLENT_FAMILIES, family_of
from ascertain.link._incidents import VERSION, link

__all__ = [
    "VERSION", "VIOLENT_FAMILIES", "Article", "ArticleGroup", "article_of", "average_link", "family_of", "find_copies", "link", "link_articles",
]  # fmt: skip
