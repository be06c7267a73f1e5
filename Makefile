# Two words to remember: `make quality` changes nothing, `make fix` does.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help install run serve worker test quality fix docs bench fuzz

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

install: $(STAMP) ## Create .venv and install the locked packages; nothing to do when the locks have not changed

$(STAMP): requirements.lock requirements-dev.lock .ci/make-venv
	.ci/make-venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

run: install ## Run the whole site on this machine with fictitious schools; the address and the logins are printed
	$(BIN)/python manage.py run_site --demo $(if $(ADRESSE),--adresse $(ADRESSE))

serve: install ## The same site without any fictitious school (ADRESSE=host:port to change the address)
	$(BIN)/python manage.py run_site $(if $(ADRESSE),--adresse $(ADRESSE))

worker: install ## One more Celery worker by the side of a running site
	$(BIN)/python -m celery -A entsite.celery worker --loglevel INFO

test: install ## The whole suite, on PostgreSQL then on SQLite; installs what is missing when allowed to
	.ci/system-packages
	.ci/test

quality: install ## Style, types, import directions, templates, migrations, docs: reports, changes nothing
	.ci/quality

fix: install ## Mend what can be mended automatically
	$(BIN)/ruff check --fix --quiet || true
	$(BIN)/ruff format
	$(BIN)/djhtml templates

docs: install ## Generate docs/regles.md from the catalogue of rules
	$(BIN)/python manage.py make_docs

fuzz: install ## Fuzz the parsers with N inputs shared between them (make fuzz N=1000000)
	$(BIN)/python -m tests.fuzz.fuzz_all $(if $(N),$(N),10000)

bench: install ## Run the benchmarks, each printing a ratio measured in one run
	for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done
