"""The benchmark as text: what `make bench` prints, and the generated part of the document."""

from __future__ import annotations

from typing import Any

Rows = list[tuple[str, str]]


def table(found: dict[str, Any]) -> str:
    """Return all measurements as lines of text, part by part."""
    parts = sections(found)
    width = max(len(name) for _, rows in parts for name, _ in rows)
    lines = []
    for title, rows in parts:
        lines += [title, *(f"  {name:<{width}}  {value}" for name, value in rows), ""]
    return "\n".join(lines)


def sections(found: dict[str, Any]) -> list[tuple[str, Rows]]:
    """Return the measurements as titled rows of name and value."""
    return [
        ("Agreement", _agreement(found)),
        ("Cost of a replicate, CPU microseconds: median (least to most)", _costs(found)),
        ("Ratios, of medians; to the floor, of the least", _ratios(found)),
        ("From a cold process, seconds of wall (CPU): median (least to most)", _cold(found)),
        ("Size of a block: CPU microseconds a replicate", _blocks(found)),
        ("Replicates, in a process of its own: CPU seconds and peak memory", _replicates(found)),
        ("Weeks: CPU microseconds a replicate", _growth(found["weeks"], "week")),
        ("States: CPU microseconds a replicate", _growth(found["states"], "state")),
    ]


def _agreement(found: dict[str, Any]) -> Rows:
    gate = found["gate"]
    value = f"{gate['replicates']} compared, {gate['differing']} differ"
    return [("replicates that end alike in the scalar Mesa model", value)]


def _costs(found: dict[str, Any]) -> Rows:
    package, floor, peer = found["package"], found["floor"], found["peer"]
    return [
        ("package, one worker", micro(package["one"]["cpu"])),
        ("package, two workers", micro(package["two"]["cpu"])),
        ("floor: random numbers", f"{1e6 * floor['numbers']:.1f}"),
        ("floor: memory traffic", f"{1e6 * floor['traffic']:.1f}"),
        ("mesa.batch_run on the scalar Mesa model", micro(peer["batch_run"]["cpu"])),
        ("  of that in draws", percent(peer["share_draws"])),
        ("  of that in Mesa's bookkeeping", percent(peer["share_bookkeeping"])),
    ]


def _ratios(found: dict[str, Any]) -> Rows:
    ratios, noise = found["ratios"], found["noise"]
    return [
        ("mesa.batch_run to the package, one process", f"{ratios['peer']:.0f}"),
        ("package to its floor", f"{ratios['floor']:.2f}"),
        ("one worker to two, wall", f"{ratios['two_workers_wall']:.2f}"),
        ("two workers to one, CPU a replicate", f"{ratios['two_workers_cpu']:.2f}"),
        ("probe: two plain processes to one, work a second", _number(noise, 2)),
    ]


def _cold(found: dict[str, Any]) -> Rows:
    return [
        (name, f"{_number(seconds['wall'], 2)}; CPU {_number(seconds['cpu'], 2)}")
        for name, seconds in found["cold"].items()
    ]


def _blocks(found: dict[str, Any]) -> Rows:
    return [(f"{row['block']:,}", f"{1e6 * row['cpu']:,.0f}") for row in found["blocks"]]


def _replicates(found: dict[str, Any]) -> Rows:
    return [
        (f"{row['replicates']:,}", f"{row['cpu']:.1f} s, {row['megabytes']:.0f} MB")
        for row in found["replicates"]
    ]


def _growth(grown: dict[str, Any], one: str) -> Rows:
    fit = grown["fit"]
    rows = [(f"{point['size']}", micro(point["cpu"])) for point in grown["points"]]
    line = f"{1e6 * fit['slope']:.2f} per {one}, {1e6 * fit['intercept']:.0f} at none"
    return [*rows, ("straight line through the least", f"{line}, R2 {fit['r2']:.3f}")]


def micro(seconds: dict[str, float]) -> str:
    """Return a spread of seconds in microseconds."""
    return _number({name: 1e6 * value for name, value in seconds.items()}, 1)


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100 * share:.0f}%"


def _number(spread: dict[str, float], digits: int) -> str:
    middle, least, most = (f"{spread[name]:,.{digits}f}" for name in ("median", "min", "max"))
    return f"{middle} ({least} to {most})"
