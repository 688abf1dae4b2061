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
# # Lesson 5. Mediators: information, bias, leverage, guarantees
#
# A mediator can call the sides together, tell one what the other would accept, add weight to a
# deal, and stand behind it. These are four different things.

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim
from sim.mechanisms import commitment, mediation

# %% [markdown]
# ## Who is believed? Kydd (2003)
#
# A mediator who only wants peace has a reason to say "they will settle low" whatever he knows. So
# he is believed only with some bias, and not with too much.

# %%
bias = np.linspace(0, 2, 201)
believed = mediation.is_credible(bias, *(np.full(1, x) for x in (0.1, 0.6, 0.45, 0.25)))
print(f"believed from bias {bias[believed].min():.2f} to {bias[believed].max():.2f}")

# %% [markdown]
# ## The whole model, one tool at a time

# %%
oslo = sim.load("oslo_2019")
norway = "actors.norway"
tools = {
    "nobody mediates": {f"{norway}.present": 0},
    "never believed": {f"{norway}.bias": 0.0},
    "always believed": {f"{norway}.bias": 0.6},
    "leverage .1": {f"{norway}.leverage": 0.1},
    "guarantee .6": {f"{norway}.guarantee": 0.6},
}
comparison = sim.compare(oslo, tools, replicates=2000, seed=1)
for one in comparison.alternatives:
    shifts = [one.signed(), one.reneged_given_signed(), one.agreement()]
    print(f"{one.name:<16}", *(f"{100 * shift.difference:+6.1f}" for shift in shifts))

# %% [markdown]
# The columns are changes in percentage points: signed, broken among the signed, agreement.

# %%
words = {"signed": "signed", "reneged_given_signed": "broken, of signed", "agreement": "agreement"}
for offset, (name, word) in enumerate(words.items()):
    shifts = [getattr(one, name)().difference for one in comparison.alternatives]
    plt.barh(np.arange(len(shifts)) + 0.25 * offset, 100 * np.array(shifts), 0.22, label=word)
plt.yticks(np.arange(len(tools)) + 0.25, list(tools))
plt.xlabel("change in percentage points")
plt.legend()
plt.show()

# %% [markdown]
# ## A guarantee makes a promise out of a hope

# %%
trust = np.array([0.2, 0.5, 0.8])
for guarantee in (0.0, 0.3, 0.6):
    print(guarantee, commitment.deal_holds(trust, np.full(3, guarantee)).round(2))

# %% [markdown]
# ## Leverage wanes: Beardsley (2008)

# %%
weeks = np.arange(0.0, 53.0)
left = mediation.leverage_left(np.full(53, 0.1), np.full(53, 0.06), weeks)
plt.plot(weeks, left)
plt.xlabel("weeks after signing")
plt.ylabel("leverage (share of the stake)")
plt.show()

# %% [markdown]
# ## Questions
#
# 1. Norway is usually called impartial. What does Kydd's model say of an impartial mediator's word,
#    and which of Norway's tools does that leave untouched?
# 2. Which tool raises signing most? Which raises agreement most? Why are they not the same?
# 3. The mean week of a first deal may go up when a mediator is added, although deals come sooner.
#    How can that be? (Think of who signs at all.)
# 4. Give a second mediator leverage that does not wane. Who would that be in 2019?
