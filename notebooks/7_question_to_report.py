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
# # Lesson 7. From a question to a scenario file, a sweep and a report
#
# A question, for instance: *how strong must a guarantee be before it changes how the crisis ends,
# and does it help more when the sanctions are hard?* Here it becomes a file, a sweep over two
# numbers, and a page that you can send to somebody. The files are written to the folder in which
# the lesson runs.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import sim

# %% [markdown]
# ## The question as a file

# %%
text = """
parley: 1
title: A guarantor steps in
question: >-
  A guarantor stands behind a deal from August 2019 on. From which strength on does it matter?
extends: oslo_2019.yaml
timeline:
  - id: guarantor
    on: 2019-08-02
    actor: norway
    action: offer_guarantee
    level: 0.4
    source: walter2002
expect:
  - {claim: "share(agreement) > 0.1", source: walter2002}
"""
Path("guarantor.yaml").write_text(text, encoding="utf-8")
question = sim.load("guarantor.yaml")
print(question.title, len(question.parameters), "parameters")

# %% [markdown]
# ## One change first

# %%
oslo = sim.load("oslo_2019")
one = sim.compare(oslo, {"guarantor": question}, replicates=1000, seed=1).alternatives[0]
shift = one.agreement()
print(f"agreement {100 * shift.base:.1f}% -> {100 * shift.alternative:.1f}%")

# %% [markdown]
# ## Then a grid of two numbers
#
# Every point meets the same luck, and the store can be resumed whenever the run is interrupted.

# %%
grid = sim.sweep(
    question,
    {
        "timeline.guarantor.level": [0.0, 0.2, 0.4, 0.6, 0.8],
        "actors.united_states.sanctions": [0.2, 0.4, 0.6, 0.8],
    },
    out="guarantor.sqlite",
    replicates=200,
    seed=1,
)
points = pd.DataFrame(grid.points).assign(agreement=grid.mean("agreement"))
points.head()

# %%
table = points.pivot(
    index="timeline.guarantor.level",
    columns="actors.united_states.sanctions",
    values="agreement",
)
plt.imshow(table, origin="lower", aspect="auto", cmap="cividis")
plt.xticks(range(table.shape[1]), table.columns)
plt.yticks(range(table.shape[0]), table.index)
plt.xlabel("level of sanctions (index)")
plt.ylabel("guarantee (probability)")
plt.colorbar(label="share of agreement")
plt.show()

# %% [markdown]
# ## Why it works, and a page to send

# %%
result = sim.run(question, replicates=1000, seed=1)
result.save("guarantor", figures=False)
print(sorted(path.name for path in Path("guarantor").iterdir()))

# %% [markdown]
# `parley report guarantor -o guarantor.html` makes one page of it, `parley why guarantor.yaml` says
# what still keeps the sides apart, `parley replay guarantor.yaml --replicate 7` tells one story.

# %%
mean = points.groupby("timeline.guarantor.level")["agreement"].mean()
print(mean.round(3).to_dict())
print("the largest step:", np.diff(mean).round(3))

# %% [markdown]
# ## Questions
#
# 1. Which of the two numbers matters more over its range here? How would you rank more than two?
# 2. Is the effect of the guarantee the same at every level of sanctions? Name the inequality.
# 3. The claim in the file says more than a tenth. What would make you withdraw it?
# 4. Which number in your file would a critic attack first, and what is its source?
