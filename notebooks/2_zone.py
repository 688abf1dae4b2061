# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lesson 2. The zone of possible agreement, red lines and the agenda
#
# A deal needs room: the most that the government grants must exceed the least that the opposition
# accepts. This lesson starts from three classical models of two sides and one good, and ends at a
# puzzle: why can four fifths of an agenda be agreed and no deal signed?

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim
from sim.mechanisms import agenda, bargaining
from sim.mechanisms.classic import offers

# %% [markdown]
# ## Rubinstein: patience is power
#
# Two sides alternate offers; waiting shrinks the good by a discount factor.

# %%
for first, second in [(0.9, 0.9), (0.95, 0.9), (0.99, 0.95)]:
    print(first, second, round(offers.rubinstein(first, second), 4))

# %% [markdown]
# ## Fearon: there is always a zone, if both know the odds
#
# Force costs both sides, so some settlements beat it for both. The width of the zone is the sum of
# the two costs. With private costs a side may still ask for too much.

# %%
low, high = offers.fearon_zone(odds=0.4, cost=0.1, rival_cost=0.15)
print(f"zone from {low:.2f} to {high:.2f}")
demand, war = offers.fearon_ultimatum(odds=0.4, cost=0.1, bound=0.5)
print(f"best ultimatum {demand:.2f}, rejected with probability {war:.2f}")

# %% [markdown]
# ## A zone is not enough
#
# With uncertainty omega about each other's limits, no mechanism strikes a deal unless the zone is
# at least omega / 4 wide (Chatterjee & Samuelson 1983; Myerson & Satterthwaite 1983).

# %%
zone = np.linspace(-0.1, 0.3, 9)
signs = bargaining.is_acceptable(zone, np.full(1, 0.5), np.full(1, 4.0))
for width, sign in zip(zone, signs, strict=True):
    print(f"{width:+.2f}", "deal" if sign else "no deal")

# %% [markdown]
# ## Red lines pull a limit towards a public promise

# %%
hardness = np.linspace(0, 2, 50)
limit = bargaining.soften(np.full(50, 0.55), np.full(50, 0.85), np.full(50, 0.7), hardness)
plt.plot(hardness, limit)
plt.axhline(0.85, linestyle="dashed", color="black")
plt.xlabel("hardness of the red line (index)")
plt.ylabel("least utility the opposition accepts")
plt.show()

# %% [markdown]
# ## The agenda
#
# Six issues, each worth something to the opposition and costing the government something. The
# cheapest package that gives the opposition a utility u concedes first what it values most per unit
# of the government's cost.

# %%
oslo = sim.load("oslo_2019")
value = np.array([[one.value.value for one in oslo.agenda]])
price = np.array([[one.cost.value for one in oslo.agenda]])
table = agenda.Agenda.of(value, price)
wish = np.linspace(0, 1, 101)
plt.plot(wish, [agenda.cost(np.full(1, u), table)[0] for u in wish])
plt.plot([0, 1], [0, 1], linestyle="dashed", color="black")
plt.xlabel("utility to the opposition")
plt.ylabel("cost to the government")
plt.show()

# %% [markdown]
# The curve lies below the diagonal: trading issues helps both. But it is steep at the end. The last
# issue, the president's departure, is what the opposition's red line is about and what costs most.

# %%
result = sim.run(oslo, replicates=2000, seed=1)
low, high = (result.weekly[name].quantiles((0.5,))[12, 0] for name in ("x_min", "x_max"))
print(f"in week 13 the median government grants {high:.2f}; the opposition accepts from {low:.2f}")
granted = agenda.conceded(np.full(1, high), table)[0]
for one, is_granted in zip(oslo.agenda, granted, strict=True):
    print("agreed " if is_granted else "open   ", one.name)

# %% [markdown]
# Now put the same red lines on a single good, without an agenda.

# %%
issues = [one.id for one in oslo.agenda]
single = oslo.alter({f"agenda.{name}": None for name in issues[:-1]})
other = sim.compare(oslo, {"one issue": single}, replicates=2000, seed=1).alternatives[0]
shift = other.signed()
print(
    f"ever signed: {100 * shift.base:.1f}% with the agenda, {100 * shift.alternative:.1f}% without"
)

# %% [markdown]
# ## Questions
#
# 1. In Rubinstein's model, who gains when both become equally impatient?
# 2. At which hardness does the opposition's limit reach its red line?
# 3. Most of the agenda is agreed in week 13. Which inequality keeps the deal from being signed?
# 4. Why does the deal become rarer when the agenda is one issue?
