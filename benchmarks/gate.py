"""Nothing is timed before the Mesa peer and the package end alike on the same addressed draws."""

from __future__ import annotations

from benchmarks.peer import SCENARIO, Peer
from tests.oracle.agreement import lucks

SEED = 1


class Disagreement(Exception):
    """The two models differ, so that their speeds cannot be compared."""


def check(replicates: int) -> dict[str, int]:
    """Compare outcome and week of that many replicates. Raises Disagreement."""
    import sim
    from sim.outcomes import OUTCOMES

    table = sim.run(sim.load(SCENARIO), replicates, SEED, record=False, twins=False).table
    differing = []
    for replicate, luck in enumerate(lucks(SEED, replicates)):
        peer = Peer(rng=0, luck=luck)
        while peer.running:
            peer.step()
        mine = OUTCOMES[table["outcome"][replicate]], int(table["week"][replicate])
        if mine != (peer.outcome, peer.ended_in):
            differing.append(f"{replicate}: {mine} in the package, not {peer.outcome}")
    if differing:
        raise Disagreement(
            f"{len(differing)} of {replicates} replicates end differently: {differing[0]}"
        )
    return {"replicates": replicates, "differing": 0}
