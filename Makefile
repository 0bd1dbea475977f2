# `make run` and `make test` need Python 3.11+, make and the package index; nothing else has to be installed or running.
SHELL := /bin/sh
PYTHON ?= python3
ARGS ?=
VENV := .venv
# Always through the interpreter: the scripts beside it break when the folder is moved.
PY := $(VENV)/bin/python
READY := $(VENV)/requirements.stamp
READY_DEV := $(VENV)/requirements-dev.stamp
PIP := $(PY) -m pip --disable-pip-version-check --no-input

# A virtual environment whose Python has gone (moved, upgraded) is made anew.
ifneq ($(wildcard $(VENV)),)
ifneq ($(shell $(PY) -c 'print("fine")' 2>/dev/null),fine)
$(shell rm -f $(READY) $(READY_DEV))
endif
endif

.DEFAULT_GOAL := help
.PHONY: help run test e2e screens bench chaos weekly-cycle schema format lock clean \
  lint lint-style lint-types lint-directions lint-templates lint-migrations

help:
	@echo "make run      the site with its servers and a demo community, at http://127.0.0.1:8000/"
	@echo "make test     every test, in parallel"
	@echo "make e2e      the browser tests            make screens  every page as a picture, with axe's findings"
	@echo "make bench    the benchmarks               make lint, make format"
	@echo "make chaos    members, clocks and crashes at random for 10,000 steps     make weekly-cycle  the cycle, killed and late"
	@echo "make schema   docs/SCHEMA.md and docs/openapi.yaml anew, after a change of tables or of the API"
	@echo "make lock     pin requirements anew        make clean    remove .venv and caches (never the data in var/)"

run: $(READY)
	@exec $(PY) manage.py up $(ARGS)

test: $(READY)
	@exec $(PY) -m pytest $(ARGS)

e2e: $(READY_DEV)
	@exec $(PY) -m pytest e2e -n 0 $(ARGS)

screens: $(READY_DEV)
	@exec $(PY) -m e2e.screens $(ARGS)

bench: $(READY_DEV)
	@exec $(PY) -m benchmarks $(ARGS)

# The story of config/tests/test_chaos.py at its full length, about ten minutes.
chaos: $(READY)
	@CHAOS_STEPS=$${CHAOS_STEPS:-10000} $(PY) -m pytest -n 0 config/tests/test_chaos.py $(ARGS)

# Workers killed, weeks late, clocks set back: ends with a verdict.
weekly-cycle: $(READY)
	@exec $(PY) -m e2e.weekly_cycle $(ARGS)

schema: $(READY)
	@$(PY) manage.py schemadoc $(ARGS)
	@$(PY) manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

# `make -k lint` goes on after the first complaint.
lint: lint-style lint-types lint-directions lint-templates lint-migrations
lint-style: $(READY_DEV)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
lint-types: $(READY_DEV)
	@# mypy leaves by the emergency exit, and would leave the servers its Django plugin has started.
	$(PY) -c 'from mypy.main import main; main(args=["."], clean_exit=True)'
lint-directions: $(READY_DEV)
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
lint-templates: $(READY_DEV)
	$(PY) -m djlint --lint --quiet templates
lint-migrations: $(READY)
	$(PY) manage.py makemigrations --check --dry-run

format: $(READY_DEV)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

lock: $(READY_DEV)
	$(PY) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-options -o requirements.txt requirements.in
	$(PY) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-options -o requirements-dev.txt requirements-dev.in

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov

$(READY): requirements.txt
	@command -v "$(PYTHON)" >/dev/null 2>&1 || \
	  { echo "Python is missing: there is no '$(PYTHON)'. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Civitas needs Python 3.11 or newer, but '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1). Name another: make PYTHON=python3.12"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PY) -c 'import pip' 2>/dev/null || { rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV); }
	@echo "Installing what Civitas needs into $(VENV) (about half a minute) ..."
	@$(PIP) install --quiet --require-hashes -r requirements.txt || \
	  { echo "The packages could not be installed; the lines above tell why. Nothing is lost: run the same command again."; exit 1; }
	@touch $@

$(READY_DEV): requirements-dev.txt $(READY)
	@echo "Installing the development tools ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@
