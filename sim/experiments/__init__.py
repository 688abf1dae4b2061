"""Experiments: several ensembles on the same luck, and what their differences tell."""
