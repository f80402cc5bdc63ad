# One command each; `make help` lists them. Everything is installed into .venv, nothing outside it.
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= 2

.PHONY: help setup demo serve test check format schemas bench lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Install everything into .venv; start nothing

$(STAMP): requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/installer.txt
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes --requirement requirements/dev.txt
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	# Compiled once here: otherwise the first start does it, or every start where Python may not write beside its sources.
	$(BIN)/python -m compileall -q plumbline
	@touch $(STAMP)

demo: setup ## Build the example library (once) and serve it
	$(BIN)/plumbline demo

test: setup ## Every test, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadgroup $(ARGS)

check: setup ## Format, lint, types, import contracts, generated files, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m plumbline.testing.schemas --check
	$(MAKE) test

format: setup ## Put the code into the house format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

schemas: setup ## Write the generated files under schemas/ anew
	$(BIN)/python -m plumbline.testing.schemas

bench: setup ## Run the benchmarks, each beside its floor
	$(BIN)/python -m benchmarks $(ARGS)

lock: setup ## Resolve the dependencies anew
	echo 'uv==0.13.9' | $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header - --output-file requirements/installer.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header pyproject.toml --output-file requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml --output-file requirements/dev.txt

clean: ## Remove what setup installed
	rm -rf $(VENV)
