# make demo   sets up, then runs the whole demonstration year
# make test   sets up, then runs all tests but those of make slow
# make slow   goes through Prefect's pages in a browser, starts servers of its own, kills runs and workers, fills disks
# make check  style and types
# make sample, make templates, make readme, make catalogue  write again what tests compare with
# make guides the pictures of guides/, taken anew
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo test slow check sample templates readme catalogue guides lock bench clean

help:
	@sed -n 's/^# //p' Makefile

# The stamp changes with the lock file, so that an environment is made once a lock.
setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 ..."; exit 2; }
	@echo "Setting up .venv (about a minute, once) ..."
	@$(PYTHON) -m venv .venv
	@# --no-deps: the lock file is complete, and every file is checked against its hash.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check
	@touch .venv/ready

# 1 is the exit code of "done, with findings that need a person", which is what a demonstration is for. The contents of
# its report have page numbers where LibreOffice is installed; without it the report says how Word adds them.
demo: setup
	@ASSURE_PAGE_NUMBERS=yes $(BIN)/python -m flows demo --out demo-output || [ $$? -eq 1 ]

# Files go in their order: with most tests first, the long ones of end_to_end would come last and end on one process.
test: setup
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: setup
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy

sample: setup
	@$(BIN)/python -m tests.sample.make_sample

templates: setup
	@$(BIN)/python -m templates.word.build

readme: setup
	@UPDATE_README=1 $(BIN)/python -m pytest tests/end_to_end/test_readme.py tests/gather/test_bad_input.py tests/review/test_opening.py

catalogue: setup
	@$(BIN)/python -m expectations.catalogue

guides: setup
	@KEEP_SCREENSHOTS=1 $(BIN)/python -m pytest -n 0 -m slow tests/browser
	@grep -oh 'pictures/[a-z0-9-]*\.png' guides/*.md | sort -u | \
	  while read -r one; do cp "test-output/screenshots/$${one#pictures/}" "guides/$$one"; done

slow: setup
	@$(BIN)/python -m pytest -m slow

bench: setup
	@$(BIN)/python -m pytest tests/benchmarks -s -m benchmark

# uv is needed for this only. Addresses of registries never go into the file.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra dev pyproject.toml --output-file requirements.lock

clean:
	@rm -rf .venv demo-output .assure test-output
