"""Reference data of the model: the Venezuelan presidential crisis of 2018-2019 and its base rates.

Five tables compiled from public sources (news reports, official texts, published data sets; each
row names its own and how far it can be trusted) and the bibliography:

- ``states``: 197 states, where they stood and how they voted;
- ``timeline``: 98 dated events, May 2018 to December 2019;
- ``series``: 180 values of oil, prices, polls, protests and counts;
- ``base_rates``: 46 published or computed rates and forecasts, with citations;
- ``cases``: 103 events of six comparable crises.

Columns, the rule of the blocs and the cut-off are explained in ``docs/reference/data.md``.
"""

from sim.data.blocs import (
    BLOCS,
    CONTESTED,
    PATRON,
    Bloc,
    Position,
    bloc_of,
    follows_patron,
    position_on,
)
from sim.data.known import Record
from sim.data.rows import (
    CUT_OFF,
    BaseRate,
    CaseEvent,
    Event,
    Period,
    Row,
    SeriesPoint,
    State,
    period_of,
)
from sim.data.sources import ARTICLE_PARAGRAPHS, Source, citable, resolve, suggest
from sim.data.tables import TABLES, load

__all__ = [
    "ARTICLE_PARAGRAPHS",
    "BLOCS",
    "CONTESTED",
    "CUT_OFF",
    "PATRON",
    "TABLES",
    "BaseRate",
    "Bloc",
    "CaseEvent",
    "Event",
    "Period",
    "Position",
    "Record",
    "Row",
    "SeriesPoint",
    "Source",
    "State",
    "bloc_of",
    "citable",
    "follows_patron",
    "load",
    "period_of",
    "position_on",
    "resolve",
    "suggest",
]
