"""The reference data: what the tables hold, who belongs to which bloc, what may justify a value."""

import ast
import dataclasses
import datetime as dt
import re
import sys
import types
import unicodedata
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from sim.data import (
    ARTICLE_PARAGRAPHS,
    BLOCS,
    CONTESTED,
    CUT_OFF,
    PATRON,
    TABLES,
    Period,
    State,
    bloc_of,
    follows_patron,
    load,
    period_of,
    position_on,
    resolve,
    suggest,
)

REPOSITORY = Path(__file__).parents[2]
STATES = {state.iso3: state for state in load("states")}
ALLIES_OF_THE_ARTICLE = ("RUS", "CHN", "CUB", "BOL", "TUR", "ZAF")
END_OF_2019 = dt.date(2019, 12, 31)


def recognisers(day: str) -> int:
    return sum(position_on(s, dt.date.fromisoformat(day)) == "opposition" for s in STATES.values())


def has_type(value: object, hint: Any) -> bool:
    if get_origin(hint) in (types.UnionType, Union):
        return any(has_type(value, part) for part in get_args(hint))
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(part, str) for part in value)
    return type(value) is hint


def validation_only(source: str) -> bool:
    found = resolve(source)
    assert found is not None, source
    return found.validation_only


def bib_entries() -> dict[str, str]:
    text = resources.files("sim.data").joinpath("references.bib").read_text(encoding="utf-8")
    return dict(re.findall(r"^@\w+\{([^,]+),\n(.*?)^\}", text, re.MULTILINE | re.DOTALL))


# Tables


@pytest.mark.parametrize(
    ("name", "rows"),
    [("states", 197), ("timeline", 98), ("series", 180), ("base_rates", 46), ("cases", 103)],
)
def test_a_table_has_the_documented_number_of_rows(name: str, rows: int) -> None:
    assert len(load(name)) == rows


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_of_every_row_has_its_declared_type(name: str) -> None:
    for row in load(name):
        for field, hint in get_type_hints(type(row)).items():
            assert has_type(getattr(row, field), hint), (row, field)


@pytest.mark.parametrize("name", TABLES)
def test_a_row_can_not_be_changed_and_a_table_is_read_once(name: str) -> None:
    rows = load(name)
    assert load(name) is rows
    with pytest.raises(dataclasses.FrozenInstanceError):
        rows[0].confidence = "high"  # type: ignore[misc]
    assert not hasattr(rows[0], "__dict__")


def test_an_unknown_table_is_an_error_that_names_the_tables() -> None:
    with pytest.raises(KeyError, match=r"states, timeline, series, base_rates, cases"):
        load("recognition")


def test_derived_ids_are_unique_and_count_the_rows_of_a_day_from_one() -> None:
    series = [point.id for point in load("series")]
    cases = [case.id for case in load("cases")]
    assert len(set(series)) == len(series)
    assert len(set(cases)) == len(cases)
    assert "protests_ovcs:2019-04" in series
    assert {"honduras_2009:2009-08-25:1", "honduras_2009:2009-08-25:2"} < set(cases)
    assert "honduras_2009:2009-08-25:3" not in cases


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019-05-17", "2019-05-17", "2019-05-17"),
        ("2019-02", "2019-02-01", "2019-02-28"),
        ("2018-Q3", "2018-07-01", "2018-09-30"),
        ("2018-H1", "2018-01-01", "2018-06-30"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("2013-2018", "2013-01-01", "2018-12-31"),
        ("1945-1995/2003", "1945-01-01", "2003-12-31"),
    ],
)
def test_a_date_covers_all_days_of_its_month_quarter_or_years(
    text: str, first: str, last: str
) -> None:
    assert period_of(text) == Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_no_date_is_no_period_and_nonsense_is_an_error() -> None:
    assert period_of("") is None
    for nonsense in ("May 2019", "2019-Q5", "2019-H3", "2019-13", "19"):
        with pytest.raises(ValueError, match=r"is not a|must be in"):
            period_of(nonsense)


def test_the_package_reads_its_tables_with_the_standard_library_alone() -> None:
    for path in (REPOSITORY / "sim" / "data").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name.startswith("sim.data.")
                assert own or name.split(".")[0] in sys.stdlib_module_names, name


# States, positions, votes


def test_the_states_are_all_members_of_the_united_nations_and_four_others() -> None:
    assert sum(state.un_member for state in STATES.values()) == 193
    assert {code for code, s in STATES.items() if not s.un_member} == {"PSE", "VAT", "XKX", "TWN"}


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2019-01-22", 0),
        ("2019-01-23", 13),
        ("2019-01-29", 22),
        ("2019-02-04", 44),
        ("2019-02-05", 48),
        ("2019-02-28", 54),
        ("2019-05-17", 56),
        ("2019-05-31", 56),
        ("2019-11-04", 58),
        ("2019-12-11", 59),
    ],
)
def test_recognisers_counted_from_the_table_grow_to_the_known_numbers(day: str, count: int) -> None:
    assert recognisers(day) == count


def test_the_count_of_4_february_exceeds_the_reported_one_by_twelve_named_states() -> None:
    first_day, joint_day = dt.date(2019, 1, 23), dt.date(2019, 2, 4)
    held = {code for code, s in STATES.items() if position_on(s, joint_day) == "opposition"}
    first = {code for code in held if STATES[code].recognition_date == first_day}
    joint = {
        code
        for code in held
        if STATES[code].recognition_date == joint_day and "EU28" in STATES[code].blocs
    }
    assert (len(held), len(first), len(joint)) == (44, 13, 19)
    others = "ALB AUS BHS DOM GEO HTI ISL ISR XKX MAR TWN UKR"
    assert held - first - joint == set(others.split())


def test_the_computed_series_is_what_the_table_of_states_gives() -> None:
    name = "recognising_states_computed_from_recognition_csv"
    points = [point for point in load("series") if point.series == name]
    assert len(points) == 9
    assert all(recognisers(point.date) == point.value for point in points)


def test_the_reported_series_is_kept_beside_the_computed_one() -> None:
    name = "recognising_states_reported"
    reported = {point.date: point.value for point in load("series") if point.series == name}
    assert reported == {
        "2019-01-23": 13,
        "2019-02-04": 32,
        "2019-02-11": 40,
        "2019-02-19": 50,
        "2019-05-17": 51,
        "2019-11-04": 57,
        "2019-12-11": 58,
    }
    assert {day: recognisers(day) - value for day, value in reported.items()} == {
        "2019-01-23": 0,
        "2019-02-04": 12,
        "2019-02-11": 12,
        "2019-02-19": 3,
        "2019-05-17": 5,
        "2019-11-04": 1,
        "2019-12-11": 1,
    }


def test_positions_at_the_end_of_2019_agree_with_the_column_that_records_them() -> None:
    sides = {"recognise_guaido": "opposition", "support_maduro": "government"}
    for state in STATES.values():
        expected = sides.get(state.position_2019_12_31, "neither")
        assert position_on(state, END_OF_2019) == expected, state.iso3


def test_a_state_that_recognises_after_the_cut_off_still_holds_its_old_position_at_it() -> None:
    days = {"GRC": dt.date(2019, 7, 12), "SLV": dt.date(2019, 11, 2), "BOL": dt.date(2019, 11, 14)}
    before = {"GRC": "neither", "SLV": "government", "BOL": "government"}
    dates = {code: s.recognition_date for code, s in STATES.items() if s.recognition_date}
    assert {code for code, date in dates.items() if date > CUT_OFF} == set(days)
    for code, day in days.items():
        assert position_on(STATES[code], CUT_OFF) == before[code]
        assert position_on(STATES[code], day - dt.timedelta(days=1)) == before[code]
        assert position_on(STATES[code], day) == "opposition"


def test_a_recogniser_of_the_opposition_took_neither_side_until_its_day() -> None:
    assert position_on(STATES["ESP"], dt.date(2019, 2, 3)) == "neither"
    assert position_on(STATES["ESP"], dt.date(2019, 2, 4)) == "opposition"


def test_a_later_change_of_position_takes_effect_on_its_day() -> None:
    state: State = dataclasses.replace(
        STATES["ESP"],
        change_date=dt.date(2019, 6, 1),
        change_to="neutral",
        second_change_date=dt.date(2019, 9, 1),
        second_change_to="support_maduro",
    )
    days = (dt.date(2019, 5, 31), dt.date(2019, 6, 1), dt.date(2019, 9, 1))
    assert [position_on(state, day) for day in days] == ["opposition", "neither", "government"]


@pytest.mark.parametrize(
    ("column", "votes"),
    [
        ("oas_vote_2019_01_10", {"yes": 19, "no": 6, "abstain": 8, "absent": 1}),
        ("oas_vote_2019_04_09", {"yes": 18, "no": 9, "abstain": 6, "absent": 1}),
        ("unsc_vote_us_draft_2019_02_28", {"yes": 9, "no": 3, "abstain": 3}),
    ],
)
def test_votes_add_up_to_the_recorded_result(column: str, votes: dict[str, int]) -> None:
    counted = Counter(getattr(state, column) for state in STATES.values())
    del counted[None]
    assert counted == votes


@pytest.mark.parametrize(
    ("event", "column"),
    [
        ("E011", "oas_vote_2019_01_10"),
        ("E049", "oas_vote_2019_04_09"),
        ("E036", "unsc_vote_us_draft_2019_02_28"),
    ],
)
def test_votes_of_states_add_up_to_those_of_the_timeline(event: str, column: str) -> None:
    row = next(row for row in load("timeline") if row.id == event)
    told = [int(number) for number in re.findall(r"\d+", f"{row.magnitude:.0f} {row.unit}")]
    counted = Counter(getattr(state, column) for state in STATES.values())
    assert told == [counted["yes"], counted["no"], counted["abstain"]]


def test_a_member_of_the_american_states_was_absent_from_each_of_its_votes() -> None:
    absent = {
        column: [code for code, state in STATES.items() if getattr(state, column) == "absent"]
        for column in ("oas_vote_2019_01_10", "oas_vote_2019_04_09")
    }
    assert all(len(codes) == 1 for codes in absent.values()), absent


# Blocs


def test_the_blocs_have_the_documented_sizes() -> None:
    sizes = Counter(bloc_of(s) for s in STATES.values() if s.iso3 != CONTESTED)
    assert [sizes[bloc] for bloc in BLOCS] == [1, 37, 23, 45, 90]
    assert sum(sizes.values()) == 196


def test_the_first_rule_that_holds_decides_the_bloc() -> None:
    blocs = {code: bloc_of(state) for code, state in STATES.items()}
    assert [code for code, bloc in blocs.items() if bloc == "patron"] == [PATRON]
    assert blocs["RUS"] == blocs["CUB"] == "allied"  # before european and regional
    assert blocs["BRA"] == blocs["MEX"] == "regional"
    assert blocs["NOR"] == blocs["GEO"] == "european"
    assert blocs["CYP"] == blocs["JPN"] == blocs["IND"] == "unaligned"


def test_the_bloc_is_read_from_the_position_at_the_cut_off_not_from_a_later_one() -> None:
    assert bloc_of(STATES["SLV"]) == "allied"
    assert bloc_of(STATES["GRC"]) == "european"


def test_the_six_allies_of_the_article_support_the_government_at_the_cut_off() -> None:
    for code in ALLIES_OF_THE_ARTICLE:
        assert position_on(STATES[code], CUT_OFF) == "government"
        assert bloc_of(STATES[code]) == "allied"
        assert "article" in STATES[code].source


def test_followers_are_nato_the_lima_group_and_ten_partners_but_not_the_patron() -> None:
    followers = {code for code, state in STATES.items() if follows_patron(state)}
    assert PATRON not in followers
    assert {"JPN", "KOR", "AUS", "ISR", "GEO", "TWN", "XKX", "MHL", "FSM", "PLW"} < followers
    assert {"CAN", "MEX", "NOR", "TUR"} < followers
    assert not {"CHE", "ECU", "SWE", "RUS", CONTESTED} & followers
    assert len(followers) == 51


# Sources


def test_twenty_paragraphs_can_be_cited() -> None:
    assert ARTICLE_PARAGRAPHS == 20
    for number in range(1, ARTICLE_PARAGRAPHS + 1):
        source = resolve(f"P{number}")
        assert source is not None
        assert (source.kind, source.validation_only) == ("article", False)
    assert resolve("P0") is resolve("P21") is resolve("P01") is None


@pytest.mark.parametrize(
    ("key", "kind", "words"),
    [
        ("P17", "article", "accepted talks"),
        ("E054", "row", "2019-04-30"),
        ("COUP_PT", "row", "0.497"),
        ("EXIT_PERS90", "row", "leaders of autocracies; any personalist element"),
        ("state:RUS", "row", "Russia: supports the government"),
        ("state:ESP", "row", "Spain: recognises the opposition"),
        ("state:NOR", "row", "Norway: takes neither side"),
        ("series:protests_ovcs:2019-04", "row", "1,963 count"),
        ("case:honduras_2009:2009-08-25:2", "row", "Ministers mission"),
        ("fearon1995", "reference", "Fearon (1995), Rationalist Explanations for War"),
        ("powellthyne2011", "reference", "Powell & Thyne (2011)"),
        ("hufbauer2007", "reference", "Hufbauer et al. (2007)"),
    ],
)
def test_a_source_of_each_kind_resolves_to_a_line_for_a_reader(
    key: str, kind: str, words: str
) -> None:
    source = resolve(key)
    assert source is not None
    assert (source.key, source.kind, source.validation_only) == (key, kind, False)
    assert words in source.title
    assert "\n" not in source.title


def test_events_after_the_cut_off_never_justify_a_value() -> None:
    late = [event.id for event in load("timeline") if validation_only(event.id)]
    assert late == ["E056", *(f"E{number:03}" for number in range(64, 99))]  # E056: "May 2019"


@pytest.mark.parametrize(
    ("key", "late"),
    [
        ("series:protests_ovcs:2019-04", False),
        ("series:protests_ovcs:2019-05", True),
        ("series:protests_ovcs:2018-H1", False),
        ("series:protests_ovcs:2018", False),
        ("series:protests_ovcs:2019", True),
        ("series:gdp_bcv_yoy:2018-Q3", False),
        ("series:recognising_states_reported:2019-05-17", False),
        ("series:security_force_deserters_remaining_in_colombia:2019-05-21", True),
        ("series:formal_talks_rounds:2019", True),
    ],
)
def test_a_value_counts_by_the_last_day_of_its_period(key: str, late: bool) -> None:
    assert validation_only(key) is late


def test_rates_counted_on_years_after_the_cut_off_never_justify_a_value() -> None:
    late = {rate.id for rate in load("base_rates") if validation_only(rate.id)}
    assert late == {"FC_EIU", "VEN_ROUNDS_2019", "NV_ALL", "NV_2010S", "V_2010S", "DIA_USIP"}


def test_a_later_publication_is_for_validation_but_its_row_on_earlier_years_is_not() -> None:
    assert not validation_only("SAN_GSDB")
    late = {key for key in bib_entries() if validation_only(key)}
    assert late == {"chenoweth2020", "crisisgroup2019", "dudouet2021", "felbermayr2020"}


def test_the_position_at_the_cut_off_of_a_state_that_changed_later_may_justify_a_value() -> None:
    assert not any(validation_only(f"state:{code}") for code in STATES)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("article P17", "P17"),
        ("p17", "P17"),
        ("E54", "E054"),
        ("COUP_TP", "COUP_PT"),
        ("state:Rus", "state:RUS"),
        ("protests_ovcs:2019-04", "series:protests_ovcs:2019-04"),
        ("powell2011", "powellthyne2011"),
        ("qwzx", None),
        ("", None),
    ],
)
def test_an_unknown_source_is_none_and_the_nearest_key_is_suggested(
    wrong: str, near: str | None
) -> None:
    assert resolve(wrong) is None
    assert suggest(wrong) == near


# References and documentation


def test_a_key_is_the_first_surname_and_the_year() -> None:
    exceptions = {"powellthyne2011", "crisisgroup2019"}
    for key, body in bib_entries().items():
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.MULTILINE))
        assert {"author", "title", "year"} <= set(fields), key
        surname = unicodedata.normalize("NFD", fields["author"].split(",")[0].lower())
        expected = "".join(filter(str.isalpha, surname)) + fields["year"]
        assert key == expected or key in exceptions


def test_a_doi_belongs_to_one_reference_alone() -> None:
    found = re.findall(r"doi = \{(.*)\}", "\n".join(bib_entries().values()))
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"10\.\d{4,}/\S+", doi) for doi in found)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_explained_on_the_reference_page(name: str) -> None:
    page = (REPOSITORY / "docs" / "reference" / "data.md").read_text(encoding="utf-8")
    header = resources.files("sim.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    section = page.split(f"\n## `{name}`")[1].split("\n## ")[0]
    for column in header.splitlines()[0].split(","):
        assert f"| `{column}` |" in section, column
