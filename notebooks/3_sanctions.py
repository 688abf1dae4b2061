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
# # Lesson 3. Sanctions: bite, adaptation, and easing with and without a snap-back
#
# Sanctions hurt, and the target adapts (Early 2015). Their use in talks is not only the pain: they
# can be lifted, if the promise to lift them is believed.

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim
from sim.mechanisms import sanctions

# %% [markdown]
# ## Bite fades

# %%
adaptation, bites = np.zeros(1), []
for _ in range(104):
    bites.append(sanctions.bite(np.full(1, 0.7), adaptation)[0])
    adaptation = sanctions.adapt(adaptation, np.full(1, 0.03), np.full(1, 0.6), np.full(1, 0.7))
plt.plot(bites)
plt.axhline(0.7 * 0.4, linestyle="dashed", color="black")
plt.xlabel("weeks")
plt.ylabel("bite (index)")
plt.show()
print("half of the adaptation is done after", round(np.log(0.5) / np.log(1 - 0.03), 1), "weeks")

# %% [markdown]
# ## Friends offset what is left

# %%
support = np.linspace(0, 1, 5)
print(sanctions.net_bite(np.full(5, 0.4), np.full(5, 0.6), support).round(3))

# %% [markdown]
# ## In the whole model
#
# Each alternative meets the same luck as the base, replicate by replicate, so a difference comes
# from the change alone.

# %%
oslo = sim.load("oslo_2019")
sender = "actors.united_states"
changes = {
    "no sanctions": {f"{sender}.sanctions": 0.0},
    "eased by half": {f"{sender}.easing": 0.5},
    "eased, snap-back": {f"{sender}.easing": 0.5, f"{sender}.snapback": 1.0},
    "all targeted": {f"{sender}.targeted": 1.0},
}
comparison = sim.compare(oslo, changes, replicates=2000, seed=1)
for one in comparison.alternatives:
    shift = one.agreement()
    low, middle, high = (100 * x for x in (shift.low, shift.difference, shift.high))
    print(f"{one.name:<17} {middle:+5.1f} ({low:+.1f} to {high:+.1f})")

# %%
names = [one.name for one in comparison.alternatives]
found = [one.agreement() for one in comparison.alternatives]
middle = np.array([one.difference for one in found])
spread = [middle - [one.low for one in found], [one.high for one in found] - middle]
plt.errorbar(100 * middle, names, xerr=100 * np.array(spread), fmt="o")
plt.axvline(0, color="black", linewidth=0.8)
plt.xlabel("change in the share of agreement (percentage points, 95% paired)")
plt.show()

# %% [markdown]
# ## How much the pairing is worth

# %%
one = comparison.alternatives[2]
share = np.array([one.agreement().base, one.agreement().alternative])
unpaired = np.sqrt((share * (1 - share) / 2000).sum())
print(f"the paired standard error is {unpaired / one.agreement().error:.1f} times smaller")

# %% [markdown]
# ## Questions
#
# 1. Why does easing without a snap-back lower agreement in this model, and what does the snap-back
#    change?
# 2. Targeted sanctions spare the population. Which two effects on the opposition pull in opposite
#    directions?
# 3. Find a value of `trust_in_relief` at which easing without a snap-back does no harm. What would
#    make a government believe that much?
# 4. What does the model not say about the humanitarian cost of sanctions?
