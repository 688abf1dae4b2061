"""Why there is no deal: the obstacle of a week, and the one reason of a replicate.

A deal needs two things in the same week: parties that meet with final offers, and a zone that
mutual suspicion leaves open, ``x_max - x_min >= omega / 4``. The obstacle of a week is the first
of the following that was missing, so a week has exactly one. docs/explanation/why.md argues it.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

#: Name and meaning of a week's obstacle; the position in the tuple is the code.
OBSTACLE_MEANINGS: Final = (
    ("outside_options", "no zone, and none without red lines either"),
    ("red_lines", "no zone, but one without red lines"),
    ("suspicion", "a zone, but too narrow to survive mutual suspicion (0 <= w < omega / 4)"),
    ("nobody_at_the_table", "a zone wide enough, but the parties did not meet"),
    ("no_final_offer", "the parties met over a zone wide enough and did not close"),
)
OBSTACLES: Final = tuple(name for name, _ in OBSTACLE_MEANINGS)
OUTSIDE_OPTIONS, RED_LINES, SUSPICION, NOBODY, NO_OFFER = range(len(OBSTACLES))
#: Code of a week that has no obstacle: a deal is signed or in force.
NO_OBSTACLE: Final = -1

#: What is brought into the zone, one after the other, once the whole stake has been.
RUNGS: Final = (
    "outside_options",
    "pain",
    "beliefs",
    "commitment",
    "leverage",
    "relief",
    "red_lines",
    "noise",
)

#: Name and meaning of a replicate's reason; the position in the tuple is the code.
REASON_MEANINGS: Final = (
    ("no_zone_outside_options", "never signed; mostly no zone, even without red lines"),
    ("no_zone_red_lines", "never signed; mostly no zone, but one without red lines"),
    ("zone_killed_by_suspicion", "never signed; mostly a zone narrower than omega / 4"),
    ("nobody_at_the_table", "never signed; mostly a wide zone and no meeting"),
    ("no_final_offer", "never signed; mostly meetings over a wide zone that did not close"),
    ("signed_and_reneged", "signed, and every deal was reneged on"),
    ("ended_by_force", "military defection or foreign intervention"),
)
REASONS: Final = tuple(name for name, _ in REASON_MEANINGS)
SIGNED_AND_RENEGED: Final = len(OBSTACLES)
ENDED_BY_FORCE: Final = len(OBSTACLES) + 1
#: Code of a replicate whose deal survived or still stood at the horizon.
DEAL_STANDS: Final = -1


def worded(name: str) -> str:
    """Return the name of a reason or an obstacle in words."""
    return name.replace("_", " ").replace("no zone ", "no zone: ")


def obstacle(zone: Array, bare: Array, required: Array, met: Mask, deal: Mask) -> Codes:
    """Return the code of a week's obstacle, in the shape of the arguments.

    zone: w = x_max - x_min. bare: the zone that there would be without red lines. required: the
    zone that suspicion requires, omega / 4. met: where the parties were at the table. deal: where
    a deal was signed this week or in force (code ``NO_OBSTACLE``).
    """
    talked = np.where(met, NO_OFFER, NOBODY)
    wide = np.where(zone >= required, talked, SUSPICION)
    code = np.where(zone >= 0, wide, np.where(bare >= 0, RED_LINES, OUTSIDE_OPTIONS))
    return np.where(deal, NO_OBSTACLE, code).astype(np.int8)


def reason(forced: Mask, stands: Mask, signed: Mask, weeks: npt.NDArray[np.int64]) -> Codes:
    """Return the code of each replicate's reason, shape (R,); ``DEAL_STANDS`` where it has none.

    forced, stands, signed: ended by force; a deal survived or stood at the horizon; one was ever
    signed. weeks: live weeks with each obstacle, shape (R, 5). Force comes before signatures, and
    signatures before obstacles; the obstacle of most weeks decides, of several the first.
    """
    code = np.where(signed, SIGNED_AND_RENEGED, weeks.argmax(axis=1))
    code = np.where(forced, ENDED_BY_FORCE, code)
    return np.where(stands & ~forced, DEAL_STANDS, code).astype(np.int8)
