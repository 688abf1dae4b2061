"""Directions of the integrated model, on paired luck (see ``relations``)."""

import pytest

from tests.directions.relations import RELATIONS, Relation, judge


@pytest.mark.parametrize("relation", RELATIONS, ids=[relation.id for relation in RELATIONS])
def test_a_change_moves_the_outcome_in_its_direction(relation: Relation) -> None:
    for verdict in judge(relation):
        d = verdict.difference
        assert verdict.holds, (
            f"{relation.change}: {d.name} must go {verdict.expected}, went {d.difference:+.4f} "
            f"({verdict.errors:+.1f} standard errors)"
        )
