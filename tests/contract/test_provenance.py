"""Every number of the base has unit, range, source and basis, and every source resolves."""

import re

import pytest

import sim
from sim.data import CUT_OFF, resolve
from sim.scenario.library import names
from sim.scenario.scenario import Parameter

#: The symbols of the model's list of parameters.
SYMBOLS = """
s s_threat chi lam abar tau psi weight support threshold ease snap seat veto r_U relief h_hat h_int
theta0 theta_sd c_d amnesty h0 h_O b0 b_sd P_enter P_leave m0 iota patron v_F eta mean_B sd z_B
w_b w_g w_v w_p h r_O r_G kap_O kap_G zeta a g_i mu0 pi_s mu_drift delay q_s q_i stall v_exp E gam0
omega0 om_talk divisor present convene way_out information bias leverage decay g D scar cool beta
W T H a_R a_A a_m a_n sig_x sig_th purge b_learn c0 k_G k_O rep pain_ref d_m d_talk k_M sig_m
m_fail soft zone_noise l q_ser h_ren renege_slope renege_margin eps K r_H r_L N convene_0 way_out_0
""".split()

#: Each number once, under the place where it stands; what a child inherits is its parent's.
PARAMETERS = {
    f"{parameter.mark.file}:{parameter.mark.line}:{path}": parameter
    for name in names()
    for path, parameter in sim.load(name).parameters.items()
    if parameter.given and not path.startswith("timeline.")
}


def test_every_symbol_of_the_model_is_a_parameter_of_the_base() -> None:
    found = {
        parameter.declared.symbol
        for parameter in sim.load("oslo_2019").parameters.values()
        if parameter.given
    }
    assert found == set(SYMBOLS)


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
def test_a_number_has_unit_range_basis_and_sources_that_resolve(parameter: Parameter) -> None:
    quantity = parameter.quantity
    assert quantity.unit == parameter.declared.unit
    assert quantity.range is not None
    assert quantity.basis in ("observed", "expert", "assumed", "illustrative")
    assert quantity.source
    for key in quantity.source:
        source = resolve(key)
        assert source is not None, key
        assert not source.validation_only, f"{key} reports something after {CUT_OFF}"
    if quantity.basis in ("assumed", "illustrative"):
        assert quantity.reason is not None
        assert len(quantity.reason.split()) >= 4


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
def test_a_drawn_value_stays_inside_its_range(parameter: Parameter) -> None:
    quantity = parameter.quantity
    assert quantity.range is not None
    assert parameter.declared.low <= quantity.range[0] <= quantity.range[1]
    assert quantity.range[1] <= parameter.declared.high
    if quantity.same_as is None:
        low, high = quantity.support()
        assert quantity.range[0] <= low <= high <= quantity.range[1]


def test_a_place_leads_to_the_line_of_the_number() -> None:
    parameter = sim.load("oslo_2019").parameters["actors.norway.leverage_decay"]
    with open(parameter.mark.file, encoding="utf-8") as stream:
        line = stream.read().splitlines()[parameter.mark.line - 1]
    assert re.search(r"value: 0\.06\b", line)


def test_the_facts_of_the_article_are_told_with_their_source_and_speaker() -> None:
    facts = {fact.id: fact for fact in sim.load("oslo_2019").facts}
    for name, paragraph in {
        "offer_of_dialogue": "P1",
        "refusal_of_dialogue": "P8",
        "red_line_of_the_opposition": "P19",
        "red_line_of_the_government": "P20",
        "failed_uprising": "P17",
        "playing_for_time": "P17",
        "call_for_military_support": "P16",
        "exploratory_talks": "P13",
    }.items():
        assert paragraph in facts[name].source
        assert facts[name].by
    assert "P5" in facts["assets_seized"].source
