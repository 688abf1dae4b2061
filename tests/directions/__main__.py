"""Print the table of directions: relation, base, changed, difference, standard error, verdict."""

import sys

from tests.directions.relations import RELATIONS, judge


def main() -> int:
    columns = f"{'id':12}{'change':46}{'measure':22}{'base':>8}{'changed':>9}{'diff':>9}{'se':>9}"
    print(f"{columns}  verdict")
    failed = 0
    for relation in RELATIONS:
        for verdict in judge(relation):
            d = verdict.difference
            failed += not verdict.holds
            print(
                f"{relation.id:12}{relation.change:46}{d.name:22}{d.base:8.4f}{d.alternative:9.4f}"
                f"{d.difference:+9.4f}{d.error:9.4f}  {verdict.expected}: "
                f"{'holds' if verdict.holds else 'FAILS'}",
                flush=True,
            )
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
