# Every target sets up what it needs: a virtual environment in .venv with the tested versions, made
# with the newest Python that is found.
#   make demo    run the Oslo scenario, print its outcome distribution, write demo-output/
#   make test    the whole test suite
#   make fast    the tests that take seconds
#   make newest  the fast tests on the newest Python found, with the newest of every dependency and
#                the wheel, in .venv-newest
#   make tested  both, and the page of what was tested with what
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
NEWEST = .venv-newest/bin
LOCK = PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=build-constraints.txt
# Wheels alone: a source that pip turns to in need would be built with whatever builders it names.
PIP = -m pip install --disable-pip-version-check --only-binary :all:
TESTS = -m pytest -n 2 --dist loadgroup
PYTEST = $(BIN)/python $(TESTS)
TESTED = .venv/tested.json

.NOTPARALLEL:
.PHONY: help demo test fast newest tested coverage lint reliability directions bench docs dist clean

help:
	@sed -n 's/^#   //p' Makefile

demo: .venv/.stamp-run
	$(BIN)/parley run oslo_2019 -n 2000 --seed 1 -o demo-output --force

test: .venv/.stamp-dev
	$(PYTEST) $(ARGS)

fast: .venv/.stamp-dev
	$(PYTEST) -m "not slow" $(ARGS)

newest: .venv-newest/.stamp
	$(NEWEST)/python $(TESTS) -m "not slow" $(ARGS)

tested: .venv/.stamp-dev .venv-newest/.stamp
	rm -f $(TESTED)
	$(PYTEST) --tested=$(TESTED) $(ARGS)
	$(NEWEST)/python $(TESTS) -m "not slow" --tested=$(TESTED) $(ARGS)
	mv $(TESTED) docs/tested.json
	$(BIN)/python docs/tables.py

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
	rm -rf .venv .venv-newest bench.json demo-output dist build docs/_build .import_linter_cache .mypy_cache
	rm -rf .pytest_cache .ruff_cache .coverage .coverage.*
	rm -rf .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# $(call environment,FOLDER): a virtual environment of PYTHON, or of the newest Python found.
define environment
@found='$(PYTHON)'; \
[ -n "$$found" ] || found=$$(.ci/pythons | head -n 1); \
if [ -z "$$found" ]; then \
  echo 'No Python from 3.11 on with venv was found, on PATH or with pyenv or uv.' >&2; \
  echo 'On Debian or Ubuntu: apt-get install python3-venv. Or: make PYTHON=/path/to/python' >&2; \
  exit 1; \
fi; \
"$$found" -m venv --clear $(1) && echo "Made $(1) with $$($(1)/bin/python --version)"
endef

# $(call install,PYTHON,WHAT,IN WORDS): silent where nothing is wrong; tried twice, for a wheel may not be had
# for a moment, and the second time pip says all it has to say.
define install
@echo 'Installing $(3)'; \
$(1) $(PIP) -qq $(2) 2>/dev/null || $(1) $(PIP) -q $(2) || { \
  echo 'make: pip could not install that; its last lines say what is missing.' >&2; \
  echo 'Is the package index reached? Then run make again: what was fetched is kept.' >&2; \
  echo 'Without a network: PIP_NO_INDEX=1 PIP_FIND_LINKS=/folder/of/wheels make ...' >&2; \
  exit 1; \
}
endef

.venv/.stamp-venv:
	$(call environment,.venv)
	@touch $@

.venv/.stamp-run: .venv/.stamp-venv pyproject.toml constraints.txt
	$(call install,$(LOCK) $(BIN)/python,-e .,parley-sim into .venv)
	@touch $@

.venv/.stamp-dev: .venv/.stamp-venv pyproject.toml constraints.txt
	$(call install,$(LOCK) $(BIN)/python,-e '.[dev]',parley-sim and its development tools into .venv)
	@touch $@

# As a user gets it: a wheel, and no pin but those of the wheel.
.venv-newest/.stamp: override PYTHON =
.venv-newest/.stamp: pyproject.toml $(shell find sim scenarios -type f -not -name '*.pyc')
	@[ $$(.ci/pythons | wc -l) -gt 1 ] || echo "Only one Python was found: $$(.ci/pythons)"
	$(call environment,.venv-newest)
	@$(NEWEST)/python -m pip -qq wheel --disable-pip-version-check --no-deps -w .venv-newest/wheel .
	$(call install,$(NEWEST)/python,"$$(echo .venv-newest/wheel/*.whl)[dev]",the wheel and the newest \
	  of everything into .venv-newest)
	@touch $@
