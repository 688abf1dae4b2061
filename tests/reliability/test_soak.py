"""A long run holds no more memory at its end than at its beginning, but for what it returns."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

#: Growth between the first and the last tenth of the blocks that is allowed, in bytes.
ALLOWED = 50_000_000

# Resident memory is read after every block. What the ensemble keeps of each replicate, its row of
# the table, is meant to grow; it is measured at the end and taken off. Trajectories stop growing
# after the first 10,000 replicates, so none is kept.
PROGRAM = """
import json, os, sys
from pathlib import Path
import sim
from sim import ensemble

ensemble.KEPT_TRAJECTORIES = 0
page = os.sysconf("SC_PAGE_SIZE")
seen = []

def progress(done, total):
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * page
    seen.append((done, resident))

replicates, block = int(sys.argv[1]), int(sys.argv[2])
found = sim.run(sim.load("oslo_2019"), replicates, 1, block=block, twins=False, progress=progress)
row = sum(values.itemsize for values in found.table.values())
print(json.dumps({"seen": seen, "row": row}))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads memory in /proc")
@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_blocks(tries: Callable[[int, int], int]) -> None:
    replicates = tries(20_000, 1_000_000)
    block = 1_000 if replicates < 100_000 else 8_192
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(replicates), str(block)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    seen, row = found["seen"], found["row"]
    tenth = max(1, len(seen) // 10)
    held = [resident - row * finished for finished, resident in seen]
    growth = max(held[-tenth:]) - max(held[:tenth])
    print(f"{replicates} replicates, {len(seen)} blocks, {row} bytes kept of each replicate")
    print(f"growth {growth / 1e6:.1f} MB beside them; in all {seen[-1][1] / 1e6:.0f} MB at the end")
    assert growth < ALLOWED
