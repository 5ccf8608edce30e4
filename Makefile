# Moothall needs only python3 (3.11 or later), make and git; `make setup` brings the rest into .venv and node_modules.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
export PORT

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
STAMPS := $(VENV)/.stamps
STYLES := src/moothall/site/styles
STATIC := src/moothall/site/static
CSS := $(STATIC)/build/site.css
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade

# The node of this machine when it has one, else the one that `make setup` put into .venv.
NPM = $(if $(and $(shell command -v node),$(shell command -v npm)),npm,PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm)

.PHONY: help setup run test chromium check bench lighthouse lock clean distclean

help: ## list these targets
	@sed -nE 's/^([a-z]+):.*## (.*)$$/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(STAMPS)/project $(CSS) ## install Moothall and its style sheet

run: setup ## build the release from what the repository carries, and serve it
	$(VENV)/bin/moothall build
	$(VENV)/bin/moothall serve

test: setup $(STAMPS)/test chromium ## install what the tests need and run them all
	$(PY) -m pytest -n auto

check: setup $(STAMPS)/test ## format, lint, types, layers, definitions
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/ruff check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/moothall check

bench: setup $(STAMPS)/test ## measure the times the project promises
	$(PY) -m bench

lighthouse: setup chromium $(STAMPS)/lighthouse ## measure pages as Lighthouse does on a slow telephone
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PY) -m bench.lighthouse

lock: $(STAMPS)/node ## write requirements/*.txt and package-lock.json anew, from the newest versions allowed
	$(PIP) install uv
	$(LOCK) pyproject.toml --group build -o requirements/run.txt
	$(LOCK) pyproject.toml --group build --group test -c requirements/run.txt -o requirements/test.txt
	$(LOCK) --group node -o requirements/node.txt
	$(NPM) update --package-lock-only
	$(NPM) --prefix bench update --package-lock-only

clean: ## remove what was built, keep what was installed
	rm -rf $(dir $(CSS)) $(STATIC)/*.gz $(STATIC)/*.br .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove what was installed, too
	rm -rf $(VENV) node_modules bench/node_modules

# Each stamp is made when its step has succeeded, so that a second run does nothing.

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Moothall needs Python 3.11 or later; say make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements/run.txt | $(STAMPS)/venv
	$(PIP) install --require-hashes -r requirements/run.txt
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/run
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(STAMPS)/test: requirements/test.txt | $(STAMPS)/run
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

$(STAMPS)/node: requirements/node.txt | $(STAMPS)/venv
	@if ! { command -v node && command -v npm; } >/dev/null; then \
		echo 'no node here: putting one into $(VENV)'; $(PIP) install --require-hashes -r requirements/node.txt; fi
	@touch $@

$(STAMPS)/npm: package.json package-lock.json | $(STAMPS)/node
	$(NPM) ci --silent --omit=optional
	@touch $@

$(STAMPS)/lighthouse: bench/package.json bench/package-lock.json | $(STAMPS)/node
	$(NPM) --prefix bench ci --silent
	@touch $@

$(CSS): $(wildcard $(STYLES)/*.scss) $(wildcard $(STATIC)/*.js) $(STAMPS)/npm | $(STAMPS)/run
	@mkdir -p $(@D)
	$(NPM) run --silent css
	$(PY) -m whitenoise.compress --quiet $(STATIC)

# The browser tests drive Chromium; where it can be neither found nor installed they skip and say so.
chromium:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } >/dev/null 2>&1 \
			|| echo 'Chromium could not be installed: the browser tests will be skipped'; \
	else echo 'no Chromium here: the browser tests will be skipped'; fi
