"""The rules of one week, written a second time from docs/explanation/odd.md alone."""
