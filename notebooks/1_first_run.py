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
# # Lesson 1. A first run, and what a distribution says
#
# In May 2019 representatives of the government and of the opposition of Venezuela met in Norway.
# The scenario `oslo_2019` turns one news article about these talks into numbers. This lesson runs
# it and reads the answer. Everything below is conditional on the model and its assumptions; it is
# not a forecast.

# %%
import sim

oslo = sim.load("oslo_2019")
print(oslo.question)

# %% [markdown]
# ## Who is in it
#
# Every actor that the article names is an agent. Each has parameters, and each parameter has a
# unit, a range and a source.

# %%
for actor in oslo.actors.values():
    print(f"{actor.kind:<11} {actor.name}")

# %%
belief = oslo.parameters["actors.opposition.prior_good_faith"]
print(belief.meaning)
print(belief.quantity.law(), belief.quantity.source, belief.quantity.basis)
print(belief.quantity.reason)

# %% [markdown]
# ## One run is one story
#
# The same seed and the same replicate give the same story, always.

# %%
for replicate in (0, 1, 2, 3, 4):
    one = sim.run(oslo, replicates=1, seed=1, start=replicate, twins=False)
    row = one.outcomes.iloc[0]
    print(replicate, row["outcome"], "in week", row["week"])

# %% [markdown]
# ## Two thousand runs are a distribution

# %%
result = sim.run(oslo, replicates=2000, seed=1)
result.shares()[["share", "low", "high"]].round(3)

# %%
axes = result.plot_outcomes()

# %% [markdown]
# The dark whisker says how far the share could move if we ran more replicates. The pale band says
# how far it moves if the uncertain numbers were known: it does not shrink with more replicates.

# %%
small = sim.run(oslo, replicates=200, seed=1).shares()
width = small["high"] - small["low"]
print("200 replicates: ", width.round(3).to_dict()["frozen_stalemate"])
width = result.shares()["high"] - result.shares()["low"]
print("2000 replicates:", width.round(3).to_dict()["frozen_stalemate"])

# %%
print(result.summary()["variance"])

# %% [markdown]
# ## Questions
#
# 1. Which outcome is most frequent, and can you tell it apart from the second with 200 replicates?
# 2. How many replicates are needed to halve the width of an interval?
# 3. Which part of the spread of agreement would remain if every parameter were known exactly?
# 4. Choose one assumed parameter. Read its reason. Would you set it otherwise, and what would you
#    cite?
