"""A scenario to start from: short, commented, and valid wherever it stands."""

STARTER = """\
# A scenario for Parley. It says only what differs from its parent; `parley explain oslo_2019`
# shows everything that the parent says, with the paths, units and ranges to use here.
parley: 1
title: A firmer guarantee and a tighter embargo
question: >-
  What changes if Norway guarantees a deal with more force, and sanctions are tightened in August?
extends: oslo_2019 # or another name from `parley list`, or a file beside this one

actors:
  norway:
    guarantee: 0.3 # a bare number keeps unit, range and source of the parent
  # bolivia: null # would remove an actor

timeline: # what happens: `id`, one clock, `actor`, `action` with its arguments, `source`
  - id: tightened
    on: 2019-08-05 # or `week: 12`, or `when: "talks.failed_rounds >= 2"`
    actor: united_states
    action: impose_sanctions
    level: 0.85 # index, 0 to 1
    source: P7 # a paragraph of the article, a row of the shipped data, or a reference

record: [zone, good_faith, sanctions.level] # kept by week: `parley run FILE -o FOLDER`

expect: # what you think comes out: `parley run FILE --check`
  - {claim: "share(agreement) between 0 and 0.3", source: TERM_KREUTZ_PA}
"""
