"""The interactive page: levers on the left, the distribution on the right, and a side to play.

Thin: every number on it comes from the functions that the command line calls.
"""
