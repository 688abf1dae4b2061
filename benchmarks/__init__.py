"""How fast the package is, against a scalar Mesa model and against its own floor: `make bench`."""
