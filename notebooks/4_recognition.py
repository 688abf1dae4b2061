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
# # Lesson 4. The recognition cascade
#
# On 23 January 2019 the United States recognised the leader of the National Assembly as interim
# president. Two weeks later more than forty states had. Did they decide one by one, or did each
# make the next one easier? This lesson starts with a hundred people in a square.

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim
from sim.mechanisms.classic import crowds

# %% [markdown]
# ## One person less (Granovetter 1978)
#
# Each person joins once as many others act as their threshold says: 0, 1, 2, ... 99.

# %%
thresholds = np.arange(100)
print("thresholds 0..99:", crowds.granovetter(thresholds), "act")
thresholds[1] = 2
print("person 1 waits for two:", crowds.granovetter(thresholds), "acts")

# %% [markdown]
# Two publics that look the same and end differently. The same is a scenario file: states instead of
# people, and the rule that the model itself uses.

# %%
for name in ("hundred_people", "hundred_people_but_one"):
    crowd = sim.run(sim.load(name), replicates=1, seed=1, twins=False)
    print(name, "ends with", int(crowd.table["recognisers"][0]))

# %% [markdown]
# ## The spread of thresholds
#
# With thresholds spread normally around 25, a little more spread tips the whole crowd.

# %%
spreads = np.linspace(5, 25, 81)
ends = [100 * crowds.normal_cascade(25.0, sd) for sd in spreads]
plt.plot(spreads, ends)
plt.xlabel("standard deviation of the thresholds (people)")
plt.ylabel("people who act in the end")
plt.show()

# %% [markdown]
# ## The states of January 2019
#
# Here a state looks at its own bloc, the world, the street it sees, and the patron it follows.
# Nobody recognises on 22 January; the patron's move is an event.

# %%
january = sim.load("january_2019")
result = sim.run(january.alter({"record": ["recognition.count"]}), replicates=500, seed=1)
count = result.weekly["recognition.count"]
low, middle, high = count.quantiles((0.05, 0.5, 0.95)).T
print("after weeks 1, 2, 4, 8:", middle[[0, 1, 3, 7]])

# %%
states = sim.data.load("states")
joined = np.sort([row.recognition_date.toordinal() for row in states if row.recognition_date])
days = january.start.toordinal() + 7 * np.arange(1, january.weeks + 1) - 1
observed = np.searchsorted(joined, days, side="right")
weeks = np.arange(1, january.weeks + 1)
plt.fill_between(weeks, low, high, alpha=0.3, label="model, 5-95%")
plt.plot(weeks, middle, label="model, median")
plt.plot(weeks, observed, "k.", label="dated recognitions")
plt.xlabel("weeks after 22 January 2019")
plt.ylabel("states that recognise the opposition")
plt.legend(loc="lower right")
plt.show()

# %% [markdown]
# ## Without the patron

# %%
alone = {f"timeline.{event.id}": None for event in january.timeline if event.actor == "USA"}
for label, scenario in {"with the patron": january, "without": january.alter(alone)}.items():
    ends = sim.run(scenario, replicates=500, seed=1, twins=False).table["recognisers"]
    print(f"{label:<16} median {np.median(ends):.0f}, 5-95% {np.quantile(ends, (0.05, 0.95))}")

# %% [markdown]
# ## Questions
#
# 1. Why does one changed threshold turn a hundred into one, and why can nobody see it beforehand?
# 2. At which spread does the normal crowd tip? What happens for much larger spreads?
# 3. Which weeks of January and February 2019 lie outside the band, if any, and what happened then?
# 4. What does the model lose when the patron does not move? Is that proof that the patron caused
#    the rest?
