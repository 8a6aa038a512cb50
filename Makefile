# Every target does its own set-up: a fresh clone needs python3 (3.11 or newer, with venv), git and make, nothing else.

PYTHON ?= $(shell command -v python3 || command -v python)
BIN := .venv/bin
# Arguments for pytest: make test ARGS="tests/rules -k dates"
ARGS ?= --numprocesses=auto --dist=loadscope
# make judge WORST=20 also prints so many misses and false alarms of each file
LABELED ?=
WORST ?= 0
# make chaos SEED=1 repeats the run of that seed
SEED ?=
# make lock UPGRADE=--upgrade takes the newest versions of everything
UPGRADE ?=

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint bench peers chaos load judge classifier hooks doctor lock catalogue screenshot teams-package image handover release-notes clean

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r target text; do \
	  printf '  make %-13s %s\n' "$$target" "$$text"; done

setup: .venv/installed  ## Lay .venv from the pinned lock; does nothing when nothing changed

# A changed lock starts from an empty environment: what it no longer names must not linger.
.venv/locked: requirements-dev.lock
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'sns-check needs Python 3.11 or newer. Choose one with: make $(MAKECMDGOALS) PYTHON=/path/to/python3.13' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo 'This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	"$(PYTHON)" -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@touch $@

.venv/installed: .venv/locked pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup  ## Start the bot; with nothing configured, the console on 127.0.0.1:8080
	$(BIN)/sns-check serve

test: setup  ## Run the tests (ARGS="…" goes to pytest)
	$(BIN)/python -m pytest $(ARGS)

lint: setup  ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## Run what CI runs: lint, then the tests

bench: setup  ## Print the benchmarks
	$(BIN)/python -m benchmarks

peers: setup  ## Compare with other programs on the same strings, and write the tables (installs them in a temporary place)
	$(BIN)/python -m benchmarks.peers --write

chaos: setup  ## Kill the service while a town works with it, and judge what is left (SEED=1 repeats a run)
	$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED))

load: setup  ## Post 50 drafts a second for a minute, over HTTP and in Socket Mode, and search for the highest rate (a quarter of an hour)
	$(BIN)/python -m tests.load

judge: setup  ## Score the rules on labelled drafts (LABELED="a.jsonl b.jsonl" WORST=20)
	$(BIN)/python -m tests.judgement $(LABELED) --worst $(WORST)

classifier: setup  ## Train the classifier on the labelled drafts, and score it on authors it has not seen (five minutes)
	$(BIN)/python -m tests.judgement.training

hooks: setup  ## Let git check each commit (pre-commit)
	$(BIN)/pre-commit install

doctor: setup  ## Check the configuration and say what to mend
	$(BIN)/sns-check doctor

# Without upgrading, uv keeps every pin that still fits. The dev lock follows the runtime lock, so both hold the same versions.
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' $(UPGRADE)
lock: setup  ## Write the lock files anew from pyproject.toml (UPGRADE=--upgrade for the newest versions)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
	$(LOCK) --group build --constraints requirements-dev.lock --output-file requirements-build.lock

catalogue: setup  ## Write the catalogue of rules and the reference of settings anew
	$(BIN)/python -m rules.catalogue > docs/catalogue.md
	$(BIN)/python -m bot.settings_reference > docs/ja/admin/settings.md

screenshot: setup  ## Take all pictures of the documents from the running product
	$(BIN)/python -m tests.screenshots docs/images

teams-package:  ## Build the package that Teams takes (TEAMS_CLIENT_ID=… TEAMS_PACKAGE_WEBSITE=https://…)
	@"$(PYTHON)" deploy/teams/package.py

image:  ## Build the container image, labelled with its version and commit
	docker build --tag sns-check \
	  --build-arg VERSION="$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)" \
	  --build-arg REVISION="$$(git rev-parse HEAD)$$(git diff --quiet HEAD || printf -- '-changed')" .

handover:  ## Follow the README on a minimal Debian and tell the minutes (as root; needs debootstrap)
	"$(PYTHON)" -m tests.handover

release-notes:  ## Print what the changelog tells of a version, which has to be the project's (VERSION=1.2.3)
	@grep --quiet --line-regexp --fixed-strings 'version = "$(VERSION)"' pyproject.toml \
	  || { echo 'pyproject.toml has another version than $(VERSION)' >&2; exit 1; }
	@sed -n '/^## \[$(VERSION)\]/,/^## \[/{/^## \[/!p;}' CHANGELOG.md | grep '[^ ]' \
	  || { echo 'CHANGELOG.md tells nothing of $(VERSION)' >&2; exit 1; }

clean:  ## Remove the environment and everything that is generated
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build
