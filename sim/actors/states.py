"""The states of the world: a recognition cascade over named states, R replicates wide.

States are sorted by group (bloc and follower flag), because the states of a group feel the same
influence, and each has its row of R replicates. A week touches only the replicates in which some
state can move: per group the least threshold above and the greatest below tell, and a change of
government is a list of single cells. K is the number of states, B of blocs, G of groups.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.actors.base import Changes, CrisisAgent
from sim.actors.turnover import Turnover
from sim.draws import Rows
from sim.mechanisms import recognition
from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.recognition import GOVERNMENT, NEITHER, OPPOSITION

#: Diplomatic weights are integers (held as floats, exact below 2**53), so that sums do not depend
#: on their order.
WEIGHT_UNIT = 10**6
_CODE = {"neither": NEITHER, "opposition": OPPOSITION, "government": GOVERNMENT}
Codes = npt.NDArray[np.int8]


class States(CrisisAgent):
    """All states of the scenario; ``codes`` names them in the order of ``position``'s columns.

    groups: bloc and follower flag of each group of states that share their influence. felt: the
    influence of this week on each group, shape (G, R).
    """

    patron_recognises: Array
    threshold_sd: Array
    change_of_government: Array
    weight_bloc: Array
    weight_world: Array
    weight_street: Array
    weight_patron: Array
    hysteresis: Array

    count: Array
    share: Array
    groups: tuple[tuple[str, bool], ...]
    felt: Array

    def begin(self) -> None:
        """Read the positions at the start and draw every threshold and change of government."""
        size = self.model.replicates
        self._read_members()
        values, own = self.model.values, f"actors.{self.actor_id}"
        fields = [f"blocs.{bloc}.prompting" for bloc in self.blocs]
        self._prompting = {name: values.get(f"{own}.{name}", np.zeros(1)) for name in fields}
        self._dirty = np.zeros(size, dtype=np.bool_)
        self._up = np.full((len(self._groups), size), np.inf)
        self._down = np.full_like(self._up, -np.inf)
        self._threshold = np.full(self._position.shape, np.inf)
        self._weighed = np.zeros((len(self.blocs), size))
        self._supporting = np.zeros(size)
        self.count = np.zeros(size)
        self._count_rows(slice(None))
        self._set_share()
        if self.codes:
            self._draw_thresholds()
        self._draw_changes()

    @property
    def position(self) -> Codes:
        """Where every state stands (see ``sim.mechanisms.recognition``), a copy, shape (R, K)."""
        return self._position.T.copy()

    def _read_members(self) -> None:
        """Lay the states out in rows sorted by group, and set where they stand."""
        scenario, size = self.model.crisis, self.model.replicates
        members = scenario.members if self.exists else {}
        group_of = {key: (m.bloc or "", bool(m.follows_patron)) for key, m in members.items()}
        self.codes = tuple(sorted(members, key=lambda key: (group_of[key], key)))
        self.column = {code: index for index, code in enumerate(self.codes)}
        self.blocs = sorted({bloc for bloc, _ in group_of.values()})
        groups = sorted(set(group_of.values()))
        self.groups = tuple(groups)
        self._groups = [(self.blocs.index(bloc), follows) for bloc, follows in groups]
        self._group = np.array([groups.index(group_of[c]) for c in self.codes], dtype=np.intp)
        self._group_size = np.bincount(self._group, minlength=len(groups))
        self._group_start = np.cumsum(self._group_size) - self._group_size
        self._bloc_of_group = np.array([bloc for bloc, _ in self._groups], dtype=np.intp)
        self._follows = np.array([follows for _, follows in self._groups], dtype=np.intp)
        self._bloc = self._bloc_of_group[self._group]
        self._bloc_start = np.searchsorted(self._bloc, np.arange(len(self.blocs)))
        weights = [round((members[c].weight or 1.0) * WEIGHT_UNIT) for c in self.codes]
        self._weight = np.array(weights, dtype=np.float64)
        self._bloc_total = np.bincount(self._bloc, self._weight, len(self.blocs))
        start = np.array([_CODE[members[c].position or "neither"] for c in self.codes], np.int8)
        self._home = np.where(start == GOVERNMENT, GOVERNMENT, NEITHER).astype(np.int8)
        self._position = np.repeat(start[:, None], size, axis=1)
        paths = [f"{self._path(code)}.threshold" for code in self.codes]
        self._free = np.array([path in self.model.values for path in paths], dtype=np.bool_)
        patron = getattr(scenario.actors.get(self.actor_id), "patron", None)
        self._patron = self.column.get(patron) if patron else None
        if self._patron is not None:
            leads = self.wide(self.patron_recognises) > 0
            self._position[self._patron] = np.where(leads, OPPOSITION, NEITHER)
            self._free[self._patron] = False
        self._held = np.repeat(~self._free[:, None], size, axis=1)
        self._by_event = False

    def _path(self, code: str) -> str:
        bloc = self.model.crisis.members[code].bloc
        return f"actors.{self.actor_id}.blocs.{bloc}"

    def _bloc_values(self, state: np.intp) -> tuple[Array, Array]:
        path = self._path(self.codes[state])
        return self.model.values[f"{path}.threshold"], self.model.values[f"{path}.never"]

    def _draw_thresholds(self) -> None:
        """Condition each threshold on the position held at the start, and set the bounds."""
        uniform, sd = self.model.draws.uniform, self.threshold_sd
        for group, pull in enumerate(self._pulls()):
            free = np.flatnonzero(self._free & (self._group == group))
            inside = self._position[free, 0] == OPPOSITION
            for recognises, states in ((True, free[inside]), (False, free[~inside])):
                if not states.size:
                    continue
                mean, never = self._bloc_values(states[0])
                luck = np.stack([uniform(f"state:{self.codes[s]}.threshold") for s in states])
                if recognises:
                    drawn = recognition.threshold_of_recogniser(luck, mean, sd, pull)
                    self._down[group] = drawn.max(axis=0)
                else:
                    drawn = recognition.threshold_of_holdout(luck, mean, sd, never, pull)
                    self._up[group] = drawn.min(axis=0)
                self._threshold[states] = drawn

    def _draw_changes(self) -> None:
        """Draw each state's weeks of change and new thresholds, sorted by week."""
        size, horizon = self.model.replicates, self.model.weeks
        hazard, sd = self.wide(self.change_of_government), self.wide(self.threshold_sd)
        staying = recognition.staying(hazard)
        turnover = Turnover(self.model.draws, self.codes, horizon, staying)
        weeks, cells = [np.zeros(0, dtype=np.int16)], [np.zeros(0, dtype=np.intp)]
        thresholds: list[Array] = [np.zeros(0)]
        for group in range(len(self._groups)) if (hazard > 0).any() else ():
            free = np.flatnonzero(self._free & (self._group == group))
            for states, rows, week, luck in turnover.changes(free):
                mean, never = (self.wide(value)[rows] for value in self._bloc_values(free[0]))
                weeks.append(week.astype(np.int16))
                cells.append(states * size + rows)
                thresholds.append(recognition.fresh_threshold(luck, mean, sd[rows], never))
        order = np.argsort(np.concatenate(weeks), kind="stable")
        self._change_cell = np.concatenate(cells)[order]
        self._change_threshold = np.concatenate(thresholds)[order]
        self._change_start = np.searchsorted(np.concatenate(weeks)[order], np.arange(horizon + 1))

    @property
    def thresholds(self) -> Array:
        """Influence from which each state recognises, infinite if never, shape (R, K)."""
        return self._threshold.T

    def standing(self, field: str) -> Array:
        """Return what an event that is revoked puts back."""
        return self._prompting[field] if field in self._prompting else super().standing(field)

    def write(self, field: str, mask: Mask, value: Array) -> None:
        """Let an event set a field, or ``blocs.<bloc>.prompting``, where ``mask`` holds."""
        if field in self._prompting:
            before = self._prompting[field]
            self._prompting = {**self._prompting, field: np.where(mask, value, before)}
        else:
            super().write(field, mask, value)

    def recognises(self, code: str | None) -> Mask:
        """Return where a state recognises the opposition, shape (R,); False if it is not there."""
        if code is None or code not in self.column:
            return np.zeros(self.model.replicates, dtype=np.bool_)
        recognised: Mask = self._position[self.column[code]] == OPPOSITION
        return recognised

    def recognisers_by_group(self) -> list[Rows]:
        """Return how many states of each group recognise the opposition, one (R,) per group."""
        inside = self._position == OPPOSITION
        return [inside[self._group == group].sum(axis=0) for group in range(len(self.groups))]

    def set_positions(self, members: tuple[str, ...], mask: Mask, code: int) -> None:
        """Let an event set the position of states where ``mask`` holds, until a change there."""
        states = np.array([self.column[member] for member in members], dtype=np.intp)
        where = np.ix_(states, np.flatnonzero(mask))
        self._position[where] = code
        self._held[where] = True
        self._by_event = True
        self._dirty = self._dirty | mask

    def recognition_phase(self) -> Changes:
        """Move every state whose influence crosses its threshold; all read last week's counts."""
        if not self.codes:
            return {}
        self.felt = pulls = self._pulls()
        # What others read is rebound, so that a reference from last week stays true.
        self.count = self.count.copy()
        self._judge_afresh(pulls)
        able = (pulls >= self._up) | (pulls < self._down - self.hysteresis)
        if self._dirty.any():
            able |= self._dirty
        groups, rows = np.divmod(np.flatnonzero(able), able.shape[1])  # ``nonzero`` is slow.
        self._move(groups, rows, pulls)
        if self._dirty.any():
            self._count_rows(np.flatnonzero(self._dirty))
            self._dirty = np.zeros_like(self._dirty)
        self._set_share()
        return {}

    def _pulls(self) -> Array:
        """Return the influence on each group, by last week's counts and the patron, (G, R)."""
        weights = recognition.Weights(
            self.weight_bloc, self.weight_world, self.weight_street, self.weight_patron
        )
        blocs = self._weighed / self._bloc_total[:, None]
        leads = self.recognises(None if self._patron is None else self.codes[self._patron])
        # What a bloc shares is added up once for its followers and for its others: (B, 2, R).
        pairs = recognition.influence(
            blocs[:, None],
            self._recognising / self._weight.sum(),
            self.model.street.mobilisation,
            np.stack([np.zeros(len(leads)), leads]),
            weights,
        )
        pulls: Array = pairs[self._bloc_of_group, self._follows]
        prompting = list(self._prompting.values())
        if any(value.any() for value in prompting):
            wide = np.stack([self.wide(value) for value in prompting])
            pulls = pulls + wide[self._bloc_of_group]
        return pulls

    def _judge_afresh(self, pulls: Array) -> None:
        """Let this week's new governments decide: new threshold, no hysteresis, no hold."""
        week, size = self.model.week, self.model.replicates
        part = slice(self._change_start[week], self._change_start[week + 1])
        cells, threshold = self._change_cell[part], self._change_threshold[part]
        if not cells.size:
            return
        states = cells // size
        rows = cells - states * size
        places = self._group[states] * size + rows
        recognises = pulls.take(places) >= threshold
        before = self._position.take(cells)
        after = np.where(recognises, OPPOSITION, self._home[states]).astype(np.int8)
        self._threshold.put(cells, threshold)
        if self._by_event:  # What holds from the start is never judged afresh.
            self._held.put(cells, False)
        self._position.put(cells, after)
        # Bounds may be loose but never wrong: they only say which replicates to look at.
        np.minimum.at(self._up.reshape(-1), places[~recognises], threshold[~recognises])
        np.maximum.at(self._down.reshape(-1), places[recognises], threshold[recognises])
        moved = np.flatnonzero(before != after)
        self._tally(states[moved], rows[moved], before[moved], after[moved])

    def _tally(self, states: Rows, rows: Rows, before: Codes, after: Codes) -> None:
        """Add single moves to the counts; weights are integers, so the order does not matter."""
        weight = self._weight[states]
        joins = (after == OPPOSITION) * 1 - (before == OPPOSITION) * 1
        backs = (after == GOVERNMENT) * 1 - (before == GOVERNMENT) * 1
        np.add.at(self._weighed, (self._bloc[states], rows), weight * joins)
        np.add.at(self._supporting, rows, weight * backs)
        np.add.at(self.count, rows, joins * 1.0)

    def _set_share(self) -> None:
        self._recognising = self._weighed.sum(axis=0)
        self.share = recognition.share_recognising(self._recognising, self._supporting)

    def _move(self, groups: Rows, rows: Rows, pulls: Array) -> None:
        """Let the states of some groups, each in one replicate, follow their influence."""
        if not rows.size:
            return
        size, number = self.model.replicates, self._group_size[groups]
        start = np.cumsum(number) - number
        # One entry per state: the states of the first pair of group and replicate, of the second...
        states = np.arange(number.sum()) + np.repeat(self._group_start[groups] - start, number)
        hysteresis = np.broadcast_to(self.hysteresis, (size,))[rows]
        own = np.repeat(rows, number)
        pull, lag = (np.repeat(each, number) for each in (pulls[groups, rows], hysteresis))
        cells = states * size + own
        threshold, held = self._threshold.take(cells), self._held.take(cells)
        before = self._position.take(cells)
        recognised = before == OPPOSITION
        chosen = recognition.recognises(recognised, pull, threshold, lag)
        inside = np.where(held, recognised, chosen)
        target = np.where(chosen, np.int8(OPPOSITION), self._home[states])
        after = np.where(inside != recognised, target, before)
        self._position.put(cells, after)
        outside = np.where(inside | held, np.inf, threshold)
        kept = np.where(inside & ~held, threshold, -np.inf)
        self._up[groups, rows] = np.minimum.reduceat(outside, start)
        self._down[groups, rows] = np.maximum.reduceat(kept, start)
        moved = np.flatnonzero(before != after)
        self._tally(states[moved], own[moved], before[moved], after[moved])

    def _count_rows(self, rows: Rows | slice) -> None:
        """Weigh and count recognisers from the positions, where an event has changed them."""
        position, weight = self._position[:, rows], self._weight[:, None]
        recognised = position == OPPOSITION
        self._weighed[:, rows] = np.add.reduceat(recognised * weight, self._bloc_start, axis=0)
        self._supporting[rows] = ((position == GOVERNMENT) * weight).sum(axis=0)
        self.count[rows] = recognised.sum(axis=0)
