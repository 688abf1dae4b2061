"""The eight terminal outcomes: exclusive, exhaustive, in their order of evaluation."""

from typing import Final

MILITARY_DEFECTION: Final = 0
FOREIGN_INTERVENTION: Final = 1
NEGOTIATED_TRANSITION: Final = 2
POWER_SHARING: Final = 3
ELECTORAL_ROADMAP: Final = 4
REGIME_CONSOLIDATION: Final = 5
TALKS_COLLAPSE: Final = 6
FROZEN_STALEMATE: Final = 7
#: Code of a replicate that has not ended yet.
UNDECIDED: Final = -1

#: Name and definition; the position in the tuple is the code.
DEFINITIONS: Final = (
    ("military_defection", "an uprising succeeds because enough of the armed forces defect"),
    ("foreign_intervention", "force from abroad removes the government"),
    ("negotiated_transition", "a deal by which the incumbent leaves office survives"),
    ("power_sharing", "a deal that shares power survives"),
    ("electoral_roadmap", "a deal on an agreed way to an election survives"),
    ("regime_consolidation", "a deal without such a concession survives, or the challenge fades"),
    ("talks_collapse", "at the horizon: apart, after at least three failed rounds"),
    ("frozen_stalemate", "everything else at the horizon"),
)
OUTCOMES: Final = tuple(name for name, _ in DEFINITIONS)

AGREEMENT: Final = (NEGOTIATED_TRANSITION, POWER_SHARING, ELECTORAL_ROADMAP)
#: Labels a deal can carry, strongest first.
DEAL_LABELS: Final = ("negotiated_transition", "power_sharing", "electoral_roadmap")
#: Outcomes after which the government no longer governs alone.
OUT_OF_OFFICE: Final = (
    MILITARY_DEFECTION,
    FOREIGN_INTERVENTION,
    NEGOTIATED_TRANSITION,
    POWER_SHARING,
)

#: Sub-labels, by code; 0 is none.
SUBLABELS: Final = ("", "cosmetic_deal", "attrition", "deal_pending")
COSMETIC_DEAL: Final = 1
ATTRITION: Final = 2
DEAL_PENDING: Final = 3
#: The outcome that each sub-label is a part of, by name.
PART_OF: Final = {
    SUBLABELS[COSMETIC_DEAL]: OUTCOMES[REGIME_CONSOLIDATION],
    SUBLABELS[ATTRITION]: OUTCOMES[REGIME_CONSOLIDATION],
    SUBLABELS[DEAL_PENDING]: OUTCOMES[FROZEN_STALEMATE],
}
