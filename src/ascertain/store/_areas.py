"""Whether a point lies in an area that somebody drew on the map, as an SQL expression, so that pages and counts stay the database's work."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

Corners = tuple[tuple[float, float], ...]


def lies_in(lat: sa.ColumnElement[Any], lon: sa.ColumnElement[Any], corners: Corners) -> sa.ColumnElement[bool]:
    """Whether the point is inside the polygon, by counting the edges that a line to the east crosses.

    Args:
        corners: latitude and longitude of each, three at least; the last is joined to the first.

    Source: M. Shimrat, Algorithm 112: position of point relative to polygon, Communications of the ACM 5 (1962).
    """
    edges = [
        (one, other) if one[0] < other[0] else (other, one)
        for one, other in zip(corners, (*corners[1:], corners[0]), strict=True)
        if one[0] != other[0]
    ]
    crossed: sa.ColumnElement[Any] = sa.literal(0)
    for (south, start), (north, end) in edges:
        meets = start + (lat - south) * ((end - start) / (north - south))
        crossed = crossed + sa.case((sa.and_(lat >= south, lat < north, lon < meets), 1), else_=0)
    lats, lons = [c[0] for c in corners], [c[1] for c in corners]
    near = sa.and_(lat.between(min(lats), max(lats)), lon.between(min(lons), max(lons)))
    return sa.and_(near, crossed % 2 == 1)
