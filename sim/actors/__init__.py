"""One Mesa agent class per kind of actor, each R replicates wide."""

from sim.actors.abroad import Ally, Assets, Mediator, Sender
from sim.actors.base import CrisisAgent
from sim.actors.inside import Military, Street
from sim.actors.parties import Government, Opposition
from sim.actors.states import States

#: Agent class of each kind of the scenario schema.
CLASSES: dict[str, type[CrisisAgent]] = {
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
    "CLASSES",
    "Ally",
    "Assets",
    "CrisisAgent",
    "Government",
    "Mediator",
    "Military",
    "Opposition",
    "Sender",
    "States",
    "Street",
]
