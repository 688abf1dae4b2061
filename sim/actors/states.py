"""The states of the world: a recognition cascade over named states, R replicates wide.

Columns are sorted by group (bloc and follower flag), because the states of a group feel the same
influence. A week touches only the replicates in which some state can move: per group the least
threshold above and the greatest below tell, and a change of government is a list of single states.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.actors.base import Changes, CrisisAgent
from sim.mechanisms import recognition
from sim.mechanisms.arrays import Array, Mask
from sim.mechanisms.recognition import GOVERNMENT, NEITHER, OPPOSITION

#: Diplomatic weights are integers, so that sums do not depend on their order.
WEIGHT_UNIT = 10**6
_CODE = {"neither": NEITHER, "opposition": OPPOSITION, "government": GOVERNMENT}
Rows = npt.NDArray[np.intp]
Codes = npt.NDArray[np.int8]


class States(CrisisAgent):
    """All states of the scenario; ``position`` has shape (R, K), ``codes`` names the columns.

    groups: bloc and follower flag of each group of columns. felt: the influence of this week on
    each group, one array of shape (R,) each.
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
    felt: list[Array]

    def begin(self) -> None:
        """Read the positions at the start and draw every threshold and change of government."""
        size = self.model.replicates
        everyone = np.arange(size)
        self._read_members()
        neutral = np.zeros(1)
        self._prompting = {
            f"blocs.{bloc}.prompting": self.model.values.get(
                f"actors.{self.actor_id}.blocs.{bloc}.prompting", neutral
            )
            for bloc in self.blocs
        }
        self._dirty = np.zeros(size, dtype=np.bool_)
        self._up = np.full((size, len(self._groups)), np.inf)
        self._down = np.full_like(self._up, -np.inf)
        self._threshold = np.full(self.position.shape, np.inf)
        self._weighed = np.zeros((size, len(self.blocs)), dtype=np.int64)
        self._supporting = np.zeros(size, dtype=np.int64)
        self.count = np.zeros(size)
        self._count_rows(everyone)
        self._set_share()
        if self.codes:
            self._draw_thresholds()
            self._bound_rows(everyone)
        self._draw_changes()

    def _read_members(self) -> None:
        """Lay the states out in columns sorted by group, and set where they stand."""
        scenario, size = self.model.scenario, self.model.replicates
        members = scenario.members if self.exists else {}
        group_of = {key: (m.bloc or "", bool(m.follows_patron)) for key, m in members.items()}
        self.codes = tuple(sorted(members, key=lambda key: (group_of[key], key)))
        self.column = {code: index for index, code in enumerate(self.codes)}
        self.blocs = sorted({bloc for bloc, _ in group_of.values()})
        groups = sorted(set(group_of.values()))
        self.groups = tuple(groups)
        self._groups = [(self.blocs.index(bloc), follows) for bloc, follows in groups]
        self._group = np.array([groups.index(group_of[c]) for c in self.codes], dtype=np.intp)
        self._bloc = np.array([self._groups[g][0] for g in self._group], dtype=np.intp)
        weights = [round((members[c].weight or 1.0) * WEIGHT_UNIT) for c in self.codes]
        self._weight = np.array(weights, dtype=np.int64)
        self._bloc_total = np.bincount(self._bloc, self._weight, len(self.blocs))
        start = np.array([_CODE[members[c].position or "neither"] for c in self.codes], np.int8)
        self._home = np.where(start == GOVERNMENT, GOVERNMENT, NEITHER).astype(np.int8)
        self.position = np.repeat(start[None, :], size, axis=0)
        paths = [f"{self._path(code)}.threshold" for code in self.codes]
        self._free = np.array([path in self.model.values for path in paths], dtype=np.bool_)
        patron = getattr(scenario.actors.get(self.actor_id), "patron", None)
        self._patron = self.column.get(patron) if patron else None
        if self._patron is not None:
            leads = self.wide(self.patron_recognises) > 0
            self.position[:, self._patron] = np.where(leads, OPPOSITION, NEITHER)
            self._free[self._patron] = False
        self._held = np.repeat(~self._free[None, :], size, axis=0)

    def _path(self, code: str) -> str:
        bloc = self.model.scenario.members[code].bloc
        return f"actors.{self.actor_id}.blocs.{bloc}"

    def _bloc_values(self, column: np.intp) -> tuple[Array, Array]:
        path = self._path(self.codes[column])
        return self.model.values[f"{path}.threshold"], self.model.values[f"{path}.never"]

    def _draw_thresholds(self) -> None:
        """Condition each threshold on the position held at the start."""
        pulls = self._pulls()
        for column in np.flatnonzero(self._free):
            mean, never = self._bloc_values(column)
            pull = pulls[self._group[column]]
            luck = self.model.draws.uniform(f"state:{self.codes[column]}.threshold")
            if self.position[0, column] == OPPOSITION:
                drawn = recognition.threshold_of_recogniser(luck, mean, self.threshold_sd, pull)
            else:
                drawn = recognition.threshold_of_holdout(luck, mean, self.threshold_sd, never, pull)
            self._threshold[:, column] = drawn

    def _draw_changes(self) -> None:
        """Draw each state's weeks of change and new thresholds, sorted by week."""
        weeks, rows, columns, thresholds = [], [], [], []
        draws, horizon = self.model.draws, self.model.weeks
        certain_not = bool(np.all(self.change_of_government <= 0))
        for column in () if certain_not else np.flatnonzero(self._free):
            mean, never = (self.wide(value) for value in self._bloc_values(column))
            sd = self.wide(self.threshold_sd)
            week, turn = np.full(self.model.replicates, -1.0), 0
            while True:
                turn += 1
                luck = draws.uniform(f"state:{self.codes[column]}.change", turn)
                week = week + recognition.weeks_until_change(luck, self.change_of_government)
                touched = np.flatnonzero(week < horizon)
                if not touched.size:
                    break
                luck = draws.uniform(f"state:{self.codes[column]}.threshold", turn)[touched]
                weeks.append(week[touched].astype(np.intp))
                rows.append(touched)
                columns.append(np.full(touched.size, column, dtype=np.intp))
                thresholds.append(
                    recognition.fresh_threshold(luck, mean[touched], sd[touched], never[touched])
                )
        empty = np.zeros(0, dtype=np.intp)
        week_all = np.concatenate(weeks) if weeks else empty
        order = np.argsort(week_all, kind="stable")
        self._change_row = (np.concatenate(rows) if rows else empty)[order]
        self._change_column = (np.concatenate(columns) if columns else empty)[order]
        self._change_threshold = (np.concatenate(thresholds) if rows else np.zeros(0))[order]
        self._change_start = np.searchsorted(week_all[order], np.arange(horizon + 1))

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
        recognised: Mask = self.position[:, self.column[code]] == OPPOSITION
        return recognised

    def recognisers_by_group(self) -> list[Rows]:
        """Return how many states of each group recognise the opposition, one (R,) per group."""
        inside = self.position == OPPOSITION
        return [inside[:, self._group == group].sum(axis=1) for group in range(len(self.groups))]

    def set_positions(self, members: tuple[str, ...], mask: Mask, code: int) -> None:
        """Let an event set the position of states where ``mask`` holds, until a change there."""
        columns = np.array([self.column[member] for member in members], dtype=np.intp)
        where = np.ix_(np.flatnonzero(mask), columns)
        self.position = self.position.copy()
        self.position[where] = code
        self._held[where] = True
        self._dirty = self._dirty | mask

    def recognition_phase(self) -> Changes:
        """Move every state whose influence crosses its threshold; all read last week's counts."""
        if not self.codes:
            return {}
        self.felt = pulls = self._pulls()
        # Attributes that others read are rebound, so that a reference from last week stays true.
        self.position, self.count = self.position.copy(), self.count.copy()
        self._judge_afresh(pulls)
        able = self._dirty
        for group, pull in enumerate(pulls):
            able = able | (pull >= self._up[:, group])
            able |= pull < self._down[:, group] - self.hysteresis
        rows = np.flatnonzero(able)
        if rows.size:
            self._move_rows(rows, pulls)
            self._count_rows(rows)
            self._bound_rows(rows)
        self._dirty = np.zeros_like(self._dirty)
        self._set_share()
        return {}

    def _pulls(self) -> list[Array]:
        """Return the influence on each group, by last week's counts and the patron's position."""
        weights = recognition.Weights(
            self.weight_bloc, self.weight_world, self.weight_street, self.weight_patron
        )
        world = np.divide(self._weighed.sum(axis=1), self._weight.sum(), dtype=np.float64)
        nobody = np.zeros(self.model.replicates)
        leads = nobody if self._patron is None else self.recognises(self.codes[self._patron]) * 1.0
        m = self.model.street.mobilisation
        return [
            recognition.influence(
                np.divide(self._weighed[:, bloc], self._bloc_total[bloc], dtype=np.float64),
                world,
                m,
                leads if follows else nobody,
                weights,
            )
            + self._prompting[f"blocs.{self.blocs[bloc]}.prompting"]
            for bloc, follows in self._groups
        ]

    def _judge_afresh(self, pulls: list[Array]) -> None:
        """Let this week's new governments decide: new threshold, no hysteresis, no hold."""
        week = self.model.week
        part = slice(self._change_start[week], self._change_start[week + 1])
        rows, columns = self._change_row[part], self._change_column[part]
        if not rows.size:
            return
        threshold, group = self._change_threshold[part], self._group[columns]
        pull = np.stack(pulls, axis=1)[rows, group]
        recognises = pull >= threshold
        before = self.position[rows, columns]
        after = np.where(recognises, OPPOSITION, self._home[columns]).astype(np.int8)
        self._threshold[rows, columns] = threshold
        self._held[rows, columns] = False
        self.position[rows, columns] = after
        # Bounds may be loose but never wrong: they only say which replicates to look at.
        np.minimum.at(self._up, (rows, group), np.where(recognises, np.inf, threshold))
        np.maximum.at(self._down, (rows, group), np.where(recognises, threshold, -np.inf))
        moved = before != after
        self._tally(rows[moved], columns[moved], before[moved], after[moved])

    def _tally(self, rows: Rows, columns: Rows, before: Codes, after: Codes) -> None:
        """Add single moves to the counts; weights are integers, so the order does not matter."""
        weight = self._weight[columns]
        joins = (after == OPPOSITION) * 1 - (before == OPPOSITION) * 1
        backs = (after == GOVERNMENT) * 1 - (before == GOVERNMENT) * 1
        np.add.at(self._weighed, (rows, self._bloc[columns]), weight * joins)
        np.add.at(self._supporting, rows, weight * backs)
        np.add.at(self.count, rows, joins)

    def _set_share(self) -> None:
        self.share = recognition.share_recognising(
            self._weighed.sum(axis=1).astype(np.float64), self._supporting.astype(np.float64)
        )

    def _move_rows(self, rows: Rows, pulls: list[Array]) -> None:
        pull = np.stack([pull[rows] for pull in pulls], axis=1)[:, self._group]
        position = self.position[rows]
        recognised = position == OPPOSITION
        hysteresis = np.broadcast_to(self.hysteresis, (self.model.replicates,))[rows, None]
        after = recognition.recognises(recognised, pull, self._threshold[rows], hysteresis)
        moves = (after != recognised) & ~self._held[rows]
        target = np.where(after, np.int8(OPPOSITION), self._home)
        self.position[rows] = np.where(moves, target, position)

    def _count_rows(self, rows: Rows) -> None:
        """Weigh and count recognisers again where something moved."""
        position = self.position[rows]
        recognised = position == OPPOSITION
        weights = recognised * self._weight
        for bloc in range(len(self.blocs)):
            self._weighed[rows, bloc] = weights[:, self._bloc == bloc].sum(axis=1)
        self._supporting[rows] = ((position == GOVERNMENT) * self._weight).sum(axis=1)
        self.count[rows] = recognised.sum(axis=1)

    def _bound_rows(self, rows: Rows) -> None:
        """Per group: least threshold of a free state outside, greatest of one inside."""
        starts = np.searchsorted(self._group, np.arange(len(self._groups)))
        threshold, held = self._threshold[rows], self._held[rows]
        inside = self.position[rows] == OPPOSITION
        outside = np.where(inside | held, np.inf, threshold)
        self._up[rows] = np.minimum.reduceat(outside, starts, axis=1)
        kept = np.where(inside & ~held, threshold, -np.inf)
        self._down[rows] = np.maximum.reduceat(kept, starts, axis=1)
