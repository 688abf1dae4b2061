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
# # Lesson 6. Soldiers, and what a failed uprising teaches
#
# On 30 April 2019 the opposition leader called on the military; few followed. The article says that
# this failure likely moved the opposition to the table. A global game says why that can be so.

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim
from sim.mechanisms import loyalty

# %% [markdown]
# ## Each unit asks what the others do (Morris & Shin 1998)
#
# A unit defects if its private signal of the regime's strength is low enough. The regime falls if
# the share that defects exceeds its strength. The tipping strength is 1 - c.

# %%
strength = np.linspace(0, 1, 201)
tipping = loyalty.tipping_strength(np.full(1, 0.55), np.zeros(1))
share = loyalty.defection_probability(strength, tipping, np.full(1, 0.1))
plt.plot(strength, share, label="share that defects")
plt.plot(strength, strength, linestyle="dashed", color="black", label="needed to topple it")
plt.axvline(tipping[0], color="grey")
plt.xlabel("strength of the regime (share of units)")
plt.ylabel("share of units")
plt.legend()
plt.show()

# %% [markdown]
# ## Survival is news (Angeletos, Hellwig & Pavan 2007)
#
# The opposition believes in a strength of .39 on average. If an attempt fails, strength must have
# been above the tipping point: the belief is cut off there and moves up.

# %%
mean, sd = np.full(1, 0.39), np.full(1, 0.12)
after, spread = loyalty.belief_after_survival(mean, sd, tipping)
print(f"belief before: {mean[0]:.2f} +- {sd[0]:.2f}; after: {after[0]:.2f} +- {spread[0]:.2f}")
for belief, width in ((mean, sd), (after, spread)):
    success = loyalty.normal_below(tipping - belief, width)
    rate, street, foreign, horizon = (np.full(1, x) for x in (0.05, 0.6, 0.0, 26.0))
    odds = loyalty.odds_of_force(rate, street, success, foreign, horizon)
    print(f"odds that force decides within half a year: {odds[0]:.2f}")

# %% [markdown]
# ## In the whole model
#
# Take an opposition that expects to win by force and stays away from talks. An uprising in week 2
# succeeds or fails. Where it fails, do the talks begin?

# %%
oslo = sim.load("oslo_2019")
hopeful = oslo.alter(
    {
        "actors.opposition.belief_strength": 0.2,
        "actors.opposition.believed_attempts": 0.08,
        "actors.street.mobilisation": 0.9,
        "talks.start": "apart",
        "record": ["talks.on", "force_odds", "zone"],
    }
)
event = {"week": 2, "actor": "opposition", "action": "uprising", "source": "P17"}
rising = hopeful.alter({"timeline.rising": event})
results = {"no uprising": hopeful, "uprising in week 2": rising}
for name, scenario in results.items():
    result = sim.run(scenario, replicates=2000, seed=1)
    talks = result.weekly["talks.on"].paths
    plt.plot(np.nanmean(talks, axis=0)[:40], label=name)
plt.xlabel("week")
plt.ylabel("share of running replicates in talks")
plt.legend()
plt.show()

# %% [markdown]
# ## What opens the barracks

# %%
changes = {
    "amnesty": {"actors.armed_forces.amnesty": 1.0},
    "coup-proofing": {"actors.armed_forces.strength": 0.56},
    "louder street": {"actors.street.inflow": 0.03},
}
for one in sim.compare(oslo, changes, replicates=2000, seed=1).alternatives:
    shift = one.outcomes()[0]
    print(f"{one.name:<14} {100 * shift.difference:+.1f} points of military defection")

# %% [markdown]
# ## Questions
#
# 1. Why is the regime's fate at strength .5 the same for every unit's signal noise that is small?
# 2. The belief moves up after a failed attempt, and its spread shrinks. Which of the two matters
#    more for the odds of force?
# 3. After the failed uprising the talks fill. Name the inequality that opened the door.
# 4. An amnesty makes defection likelier. What does it do to agreement, and why?
