"""Published theory as pure functions on arrays: no state, no seed, no loop over replicates.

R is the number of replicates. Every array argument has shape (R,) or (1,) unless said otherwise.
"""
