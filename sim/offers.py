"""Final offers at the table: when they are tabled, whether they meet, and at which cost.

Both sides offer by Chatterjee & Samuelson (1983) unless the timeline, or a person who plays a side,
decides otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms import bargaining
from sim.mechanisms.arrays import Array, Mask

if TYPE_CHECKING:
    from sim.table import Table


def final_offers(table: Table, rounds: Array) -> tuple[Mask, Array]:
    """Return where final offers meet this week, and at which cost to the government."""
    model, opposition = table.model, table.model.opposition
    tabled = model.draws.uniform("talks.final_offers", model.week) < table.final_offers
    tabled |= rounds >= table.round_length
    table.tabled = tabled
    meets = tabled & bargaining.is_acceptable(
        table.zone, table.uncertainty, table.suspicion_divisor
    )
    price = bargaining.settlement(table.low, table.zone, opposition.bargaining_weight)
    line = model.sender.red_line
    # Relief is granted only from the sender's red line on, so a settlement that needs relief
    # and falls short of that line is lifted to it.
    lifted = model.government.relief_counts & (price < line)
    price = np.where(lifted & (price > table.high_without_relief), line, price)
    if not (model.government.orders or opposition.orders):
        return meets, price
    return _scripted(table, meets, price)


def _scripted(table: Table, meets: Mask, price: Array) -> tuple[Mask, Array]:
    """Replace the parties' own offers and answers where the timeline orders others.

    An offer tables final offers; the other side answers by its own offer unless ordered.
    """
    government, opposition = table.model.government, table.model.opposition
    nothing = np.full(table.model.replicates, np.nan)
    bid = government.orders.get("offer", nothing)
    ask = opposition.orders.get("offer", nothing)
    taken = opposition.ordered("accept"), government.ordered("accept")
    rejects = government.ordered("reject") | opposition.ordered("reject")
    own_ask, own_bid = bargaining.offers(
        table.low, table.high, table.uncertainty, table.suspicion_divisor
    )
    offered = ~np.isnan(bid) | ~np.isnan(ask)
    final_bid = np.where(np.isnan(bid), own_bid, bid)
    final_ask = np.where(np.isnan(ask), own_ask, ask)
    both = ~np.isnan(bid) & ~np.isnan(ask)
    middle = final_ask + opposition.bargaining_weight * (final_bid - final_ask)
    named = np.where(both, middle, np.where(np.isnan(bid), ask, bid))
    price = np.where(offered, named, price)
    # Who accepts takes the offer of the other side; if both do, the formula decides.
    price = np.where(taken[0] & ~taken[1], final_bid, price)
    price = np.where(taken[1] & ~taken[0], final_ask, price)
    agreed = np.where(offered, final_bid >= final_ask, meets) | taken[0] | taken[1]
    return agreed & ~rejects, np.clip(price, 0.0, 1.0)
