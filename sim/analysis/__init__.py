"""Pure functions of results: shares with intervals, summaries, differences. No model in sight."""
