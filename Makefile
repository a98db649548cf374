# Every target works from a bare checkout: scripts/ make what is missing and repeat nothing.
PYTHON ?= python3
VENV := .venv/bin/python
ARGS ?=

.PHONY: demo test check bench lock setup setup-dev clean

demo: setup
	@$(VENV) manage.py demo $(ARGS)

test: setup-dev
	@$(VENV) -m scripts.test $(ARGS)

check: setup-dev
	@$(VENV) -m scripts.check $(ARGS)

bench: setup-dev
	@$(VENV) -m scripts.bench $(ARGS)

# Needed only after editing the dependencies in pyproject.toml or package.json.
lock: setup-dev
	@$(VENV) -m scripts.lock

setup:
	@$(PYTHON) -m scripts.setup

setup-dev:
	@$(PYTHON) -m scripts.setup --dev

# The demo's data in var/ stays; delete it by hand to start the demo anew.
clean:
	rm -rf .venv .setup node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
