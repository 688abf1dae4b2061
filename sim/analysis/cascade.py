"""The recognition cascade as a tree: which named states tipped which.

A state that changes sides in week t felt an influence that the moves of week t - 1 had changed
(and the patron's move of week t itself). Its change is attributed to those moves in proportion to
what each added to its influence in that direction; the street counts as a source of its own, and a
state whose own government changed, or that an event moved, is a root. K is the number of states.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

#: Sources that are no state.
STREET, GOVERNMENT, EVENT, UNKNOWN = "street", "its own government", "an event", "earlier moves"
ROOTS = (GOVERNMENT, EVENT, STREET, UNKNOWN)

Array = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cascade:
    """Every change of sides in R replicates, and what influence is made of.

    codes, names, blocs, follows: of the K states. patron: its index or None. weights: diplomatic
    weights, (K,). of_bloc, of_world, of_patron: weights of influence, (R,). street: what the street
    adds to influence by week, (R, T). moves: rows replicate (0..R-1), week (1..T), state,
    direction (+1 joins, -1 leaves), root (index of ``ROOTS``, -1 none), shape (M, 5).
    first: index of the first replicate.
    """

    title: str
    seed: int
    first: int
    replicates: int
    weeks: int
    start: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    blocs: tuple[str, ...]
    follows: npt.NDArray[np.bool_]
    patron: int | None
    weights: Array
    of_bloc: Array
    of_world: Array
    of_patron: Array
    street: Array
    moves: Ints


@dataclass(frozen=True, slots=True)
class Tip:
    """One change of sides and its sources: name of a state or root -> share, summing to 1."""

    replicate: int
    week: int
    state: int
    joins: bool
    sources: dict[str, float]

    @property
    def parent(self) -> str:
        """The source of the largest share, the first by name of equals."""
        return min(self.sources, key=lambda name: (-self.sources[name], name))


def tips(cascade: Cascade) -> list[Tip]:
    """Return every change of sides with its sources, by replicate and week."""
    order = np.lexsort(cascade.moves[:, [2, 1, 0]].T)
    found = []
    by_week: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for replicate, week, state, direction, _ in cascade.moves[order].tolist():
        by_week[replicate, week].append((state, direction))
    for replicate, week, state, direction, root in cascade.moves[order].tolist():
        if root >= 0:
            sources = {ROOTS[root]: 1.0}
        else:
            parts = dict(_parts(cascade, replicate, week, state, direction, by_week))
            total = sum(parts.values())
            sources = {name: part / total for name, part in parts.items()} or {UNKNOWN: 1.0}
        found.append(Tip(replicate, week, state, direction > 0, sources))
    return found


def _parts(
    cascade: Cascade,
    replicate: int,
    week: int,
    state: int,
    direction: int,
    by_week: dict[tuple[int, int], list[tuple[int, int]]],
) -> Iterator[tuple[str, float]]:
    """Yield what each move of the week before added to a state's influence in its direction."""
    c = cascade
    bloc = np.array([name == c.blocs[state] for name in c.blocs])
    own, world = float(c.weights[bloc].sum()), float(c.weights.sum())
    for mover, way in by_week.get((replicate, week - 1), []):
        if way == direction and mover != state:
            part = float(c.of_world[replicate] * c.weights[mover] / world)
            if bloc[mover]:
                part += float(c.of_bloc[replicate] * c.weights[mover] / own)
            if part > 0:
                yield c.names[mover], part
    patron = c.patron
    now = by_week.get((replicate, week), [])
    if patron is not None and patron != state and c.follows[state] and (patron, direction) in now:
        yield c.names[patron], float(c.of_patron[replicate])
    rise = float(c.street[replicate, week - 1] - c.street[replicate, max(week - 2, 0)]) * direction
    if rise > 0:
        yield STREET, rise


@dataclass(frozen=True, slots=True)
class Tipper:
    """How many changes of sides a source caused per replicate: joins, leaves, and most of whom."""

    name: str
    joins: float
    leaves: float
    most: str


def tippers(cascade: Cascade, found: list[Tip]) -> list[Tipper]:
    """Return the sources by how many changes they caused per replicate, the most first."""
    joins: dict[str, float] = defaultdict(float)
    leaves: dict[str, float] = defaultdict(float)
    whom: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for tip in found:
        for name, share in tip.sources.items():
            (joins if tip.joins else leaves)[name] += share
            whom[name][cascade.names[tip.state]] += share
    rows = []
    for name in {*joins, *leaves}:
        ranked = sorted(whom[name].items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        told = ", ".join(f"{other} {n / cascade.replicates:.2f}" for other, n in ranked)
        per = (joins[name] / cascade.replicates, leaves[name] / cascade.replicates)
        rows.append(Tipper(name, *per, told))
    return sorted(rows, key=lambda row: (-row.joins - row.leaves, row.name))


def tree(cascade: Cascade, found: list[Tip], replicate: int) -> list[tuple[int, Tip]]:
    """Return one replicate's changes as a tree: depth and change, each below its main source.

    A change hangs below the last earlier change of its source in the same direction. replicate:
    0..R-1. In the order in which a reader goes down the tree.
    """
    own = [tip for tip in found if tip.replicate == replicate]
    below: dict[int | None, list[int]] = defaultdict(list)
    for place, tip in enumerate(own):
        above = [
            k
            for k, other in enumerate(own)
            if cascade.names[other.state] == tip.parent
            and other.joins == tip.joins
            and other.week in (tip.week - 1, tip.week)
            and other.state != tip.state
        ]
        below[above[-1] if above else None].append(place)
    lines: list[tuple[int, Tip]] = []
    waiting = [(0, place) for place in reversed(below[None])]
    while waiting:
        depth, place = waiting.pop()
        lines.append((depth, own[place]))
        waiting += [(depth + 1, child) for child in reversed(below[place])]
    return lines
