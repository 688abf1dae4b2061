"""What each kind of actor has: every parameter once, with symbol, unit, domain and meaning.

The domain is what the equations allow; the range in a scenario file is what its author holds
plausible. A parameter that is left out takes its neutral value, at which its mechanism does
nothing. Symbols are those of docs/explanation/model.md.
"""

from sim.scenario.schema.abroad import Ally, Assets, Mediator, Sender
from sim.scenario.schema.base import Actor, Declared, declared, parameter, parameters_of
from sim.scenario.schema.inside import Military, Street
from sim.scenario.schema.parties import Government, Opposition
from sim.scenario.schema.states import Bloc, Member, Position, States
from sim.scenario.schema.talks import Issue, Talks

#: Every kind of actor by the name that a file gives it.
KINDS: dict[str, type[Actor]] = {
    "government": Government,
    "opposition": Opposition,
    "sender": Sender,
    "mediator": Mediator,
    "ally": Ally,
    "military": Military,
    "street": Street,
    "assets": Assets,
    "states": States,
}

__all__ = [
    "KINDS",
    "Actor",
    "Ally",
    "Assets",
    "Bloc",
    "Declared",
    "Government",
    "Issue",
    "Mediator",
    "Member",
    "Military",
    "Opposition",
    "Position",
    "Sender",
    "States",
    "Street",
    "Talks",
    "declared",
    "parameter",
    "parameters_of",
]
