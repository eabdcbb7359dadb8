# Needs Python 3.11 or newer and make; everything else comes into .venv.

PYTHON ?= python3
BIN := .venv/bin
# What running needs, and all that developing needs on top; remade when one of their two sources changes.
RUNS := .venv/.runs
READY := .venv/.ready
PINS := pyproject.toml constraints.txt

# The suite starts the command hundreds of times: compiled anew each time, that costs more than all else.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help env run test lint types databases check bench diagrams e2e format

help: ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do printf '%-10s %s\n' "$$name" "$$what"; done

env: $(READY) ## make .venv, with the tracker command and all that developing needs

run: $(RUNS) ## make what running needs, load the demonstration, and serve it
	$(BIN)/tracker init --demo
	$(BIN)/tracker serve

test: $(READY) ## all tests, on both databases and in the browser; ends with what was left out and why
	$(BIN)/pytest -n auto

lint: $(READY) ## format, ruff, the floors (import contracts) and templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	@if find templates -name '*.html' 2>/dev/null | grep -q .; then set -x; $(BIN)/djlint --lint --quiet templates; fi

types: $(READY) ## mypy, strict
	$(BIN)/mypy

databases: $(READY) ## whether migrations and models agree on SQLite and PostgreSQL
	$(BIN)/python .ci/databases.py

check: lint types databases test ## everything that CI asks for

format: $(READY) ## put the code into its form
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(READY) ## the project's own measurements
	$(BIN)/tracker bench import

diagrams: $(READY) ## draw README.md's state diagrams anew
	$(BIN)/python -c 'from pathlib import Path; from tracker.operations import diagrams; diagrams.write(Path("README.md"))'

e2e: $(READY) ## the browser tests alone
	$(BIN)/pytest -n auto tests/journeys

$(RUNS): $(PINS)
	$(call install,.[postgres])
	@touch $@

$(READY): $(PINS)
	$(call install,.[dev])
	@touch $(RUNS) $@

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The tracker needs Python 3.11 or newer as $(PYTHON); set PYTHON=… to choose another." >&2; exit 1; }
	@if command -v uv >/dev/null; then \
		{ test -x $(BIN)/python || uv venv --quiet --seed --python "$$(command -v $(PYTHON))" .venv; } && \
		uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '$(1)'; \
	else \
		{ test -x $(BIN)/python || $(PYTHON) -m venv .venv; } && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '$(1)'; \
	fi
endef
