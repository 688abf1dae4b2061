"""Experiments: several ensembles on the same luck, and what can be learnt from their differences."""
