# Everything below needs only Python 3.11+ (with venv), git and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# Pins for what is installed and for what builds it; older pips read the first, newer ones both.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_BUILD_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: serve test check fix bench lock clean

serve: $(VENV)/.installed  ## install into .venv and answer on http://127.0.0.1:8000
	$(BIN)/trivium serve --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-test  ## the whole test suite
	$(BIN)/python -m pytest

check: $(VENV)/.installed-test  ## lint, format, types, spelling, the shipped dataset
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell kg api ontology tests docs benchmarks *.md
	$(BIN)/trivium check

fix: $(VENV)/.installed-test  ## format Python and Turtle, mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find ontology -name '*.ttl' | sort | xargs $(BIN)/python -m kg.rdf.turtle

bench: $(VENV)/.installed-bench  ## figures beside their peers, as ratios
	$(BIN)/python -m benchmarks

lock: $(VENV)/.installed-test  ## renew the pins in constraints.txt and pyproject.toml
	$(BIN)/python -m venv .venv-lock
	env -u PIP_CONSTRAINT -u PIP_BUILD_CONSTRAINT .venv-lock/bin/pip install --quiet uv tomlkit
	.venv-lock/bin/python .ci/lock.py
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e '.[plots]'
	touch $@

$(VENV)/.installed-test: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e '.[test]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e '.[bench]'
	touch $@ $(VENV)/.installed-test $(VENV)/.installed
