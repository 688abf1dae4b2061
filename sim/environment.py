"""What the bits of a result depend on besides scenario and seed: versions and CPU features."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

import numpy as np

_PACKAGES = ("parley-sim", "numpy", "scipy", "mesa")


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    return tuple((name, version(name)) for name in _PACKAGES)


def versions() -> dict[str, str]:
    """Return the versions of the packages on which bit identity depends."""
    return dict(_versions())


def environment() -> dict[str, str]:
    """Return the versions and CPU features on which bit identity depends."""
    return {
        **versions(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "cpu_features": " ".join(_cpu_features()),
    }


def _cpu_features() -> list[str]:
    """Return the SIMD features that numpy found and uses, in alphabetical order."""
    found = np.show_config(mode="dicts")
    simd = found.get("SIMD Extensions", {}) if isinstance(found, dict) else {}
    return sorted({*simd.get("baseline", []), *simd.get("found", [])})


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Return what differs between two environments, in words; nothing if bits must be equal."""
    return [
        f"{name}: {one.get(name, 'unknown')} then, {other.get(name, 'unknown')} now"
        for name in (*_PACKAGES, "machine", "cpu_features")
        if one.get(name) != other.get(name)
    ]
