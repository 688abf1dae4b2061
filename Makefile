# Every target sets up what it needs: a virtual environment in .venv with the tested versions.
#   make demo    run the Oslo scenario, print its outcome distribution, write demo-output/
#   make test    the whole test suite
#   make fast    the tests that take seconds
#   make coverage  the share of sim that the fast tests run, other processes counted
#   make calibrate   posterior of the thresholds on the record up to the cut-off (half a minute)
#   make record  the recognition cascade beside the record, January 2019 and Libya 2011
#   make lint    style, format and types
#   make reliability  soak, fuzz and kill series in full, and their table (within 45 minutes)
#   make directions  the table of directions: change, difference, standard error, verdict
#   make bench   speed, against a scalar Mesa model and against the floor; writes bench.json
#   make docs    the documentation site in docs/_build/html
#   make dist    wheel and source distribution in dist/
#   make clean   remove everything these targets made
# Another interpreter: make test PYTHON=/path/to/python3.12. Some tests: make test ARGS='-k draws'.

SHELL = /bin/sh
PYTHON =
ARGS =
BIN = .venv/bin
CANDIDATES = $(PYTHON) python3.13 python3.12 python3.11 python3
SUPPORTED = import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
LOCK = PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt
INSTALL = $(LOCK) $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadgroup

.NOTPARALLEL:
.PHONY: help demo test fast coverage lint reliability directions bench docs dist clean

help:
	@sed -n 's/^#   //p' Makefile

demo: .venv/.stamp-run
	$(BIN)/parley run oslo_2019 -n 2000 --seed 1 -o demo-output --force

test: .venv/.stamp-dev
	$(PYTEST) $(ARGS)

fast: .venv/.stamp-dev
	$(PYTEST) -m "not slow" $(ARGS)

coverage: .venv/.stamp-dev
	$(PYTEST) -m "not slow" --cov --cov-report= $(ARGS)
	$(BIN)/coverage report

.PHONY: calibrate record
calibrate: .venv/.stamp-run
	$(BIN)/python -m sim.experiments.calibration $(ARGS)

record: .venv/.stamp-run
	$(BIN)/python -m sim.experiments.against_record $(ARGS)

lint: .venv/.stamp-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

reliability: .venv/.stamp-dev
	$(PYTEST) tests/reliability --reliability $(ARGS)

directions: .venv/.stamp-dev
	$(BIN)/python -m tests.directions

bench: .venv/.stamp-dev
	$(BIN)/python -m benchmarks $(ARGS)

docs: .venv/.stamp-dev
	$(BIN)/python -m sphinx -W -n -q -b html docs docs/_build/html

dist: .venv/.stamp-dev
	rm -rf dist
	$(LOCK) $(BIN)/python -m build

clean:
	rm -rf .venv bench.json demo-output dist build docs/_build .import_linter_cache .mypy_cache
	rm -rf .pytest_cache .ruff_cache .coverage .coverage.*
	rm -rf .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A name on PATH may belong to a version that is not installed, or to a Python without venv:
# the first that runs, is 3.11 to 3.13 and can make an environment is taken.
.venv/.stamp-venv:
	@found=; \
	for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c '$(SUPPORTED)' </dev/null >/dev/null 2>&1; then \
	    found=$$candidate; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'No Python 3.11, 3.12 or 3.13 with venv was found on PATH.' >&2; \
	  echo 'On Debian or Ubuntu: apt-get install python3-venv. Or: make PYTHON=/path/to/python' >&2; \
	  exit 1; \
	fi; \
	echo "Creating .venv with $$("$$found" --version)"; \
	"$$found" -m venv --clear .venv
	@touch $@

.venv/.stamp-run: .venv/.stamp-venv pyproject.toml constraints.txt
	@echo 'Installing parley-sim into .venv'
	@$(INSTALL) -e .
	@touch $@

.venv/.stamp-dev: .venv/.stamp-venv pyproject.toml constraints.txt
	@echo 'Installing parley-sim and its development tools into .venv'
	@$(INSTALL) -e '.[dev]'
	@touch $@
