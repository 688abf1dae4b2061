"""One ``parley`` command run in this process: how it ended and what it said."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sim.cli.main import main


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout, with nothing else there."""
        return json.loads(self.out)


Parley = Callable[..., Done]


def caller(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Parley:
    """Return a function that runs one command and asserts that no traceback comes of it."""

    def call(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["parley", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        assert "internal error" not in told.err
        assert isinstance(stopped.value.code, int)
        return Done(stopped.value.code, told.out, told.err)

    return call
