# `make` alone lists the targets. They use .venv, which is built from requirements.lock when it is missing, half built,
# moved, or older than the lock.

PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -n auto --dist loadfile

# "moved-or-broken" when the environment cannot start or was built at another path; nothing otherwise.
STATE := $(shell test "$$(cat .venv/locked 2>/dev/null)" = "$$(pwd -P)" && $(BIN)/python -c "import pip" 2>/dev/null || echo moved-or-broken)

unexport PYTHONDONTWRITEBYTECODE  # children start from compiled code

.DEFAULT_GOAL := help
.PHONY: help report test test-all bench lab docs check $(STATE)

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-14s %s\n' "$$name" "$$what"; done

report: .venv/stamp  ## one page per year in reports/, from data/raw or else from the sample
	@$(BIN)/python -m analysis report --all

test: check  ## style, types, and every test that is quick
	@$(PYTEST)

test-all: check  ## the same, and the tests that take long
	@$(PYTEST) -m "" --hypothesis-profile thorough

bench: .venv/bench  ## ours beside pandas, polars and DuckDB, held against the targets (a quarter of an hour)
	@$(BIN)/python benchmarks/bench.py

lab: .venv/stamp  ## open JupyterLab on the notebook to explore in
	@$(BIN)/python -m analysis lab

docs: .venv/stamp  ## the documentation as pages in docs/_build/html, without a network; the how-tos are run for it
	@$(BIN)/python -m sphinx -q -E -W --keep-going -c docs . docs/_build/html
	@echo docs/_build/html/index.html

check: .venv/stamp
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check
	@$(BIN)/python -m mypy

# The path is written last, so an interrupted build is built anew.
.venv/locked: requirements.lock $(STATE)
	@echo "Building .venv from requirements.lock (once; two to five minutes) ..."
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@pwd -P > $@

.venv/stamp: .venv/locked pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

# The opponents of the benchmark, in a folder of their own: where polars can be imported, other packages import it.
.venv/bench: .venv/stamp benchmarks/requirements.lock
	@rm -rf benchmarks/.packages
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps --target benchmarks/.packages -r benchmarks/requirements.lock
	@touch $@
