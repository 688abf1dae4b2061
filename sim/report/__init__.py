"""One self-contained HTML page of a saved result. Reads results alone; runs no model."""
