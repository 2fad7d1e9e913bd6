# Two commands matter: `make run` shows Huisheng, `make test` proves it. Needs Python 3.11 or newer, nothing else.
PYTHON ?= python3
TICKETS ?= 1000
PYTEST = env -u DJANGO_SETTINGS_MODULE .venv/bin/python -m pytest

.PHONY: help run test check bench soak fuzz faults screenshots demo-data messages venv-run venv-dev

help:
	@echo "make run | test | check | bench | soak | fuzz | faults | screenshots | messages | demo-data TICKETS=100000"

venv-run:
	@$(PYTHON) -I config/venv.py run

venv-dev:
	@$(PYTHON) -I config/venv.py dev

run: venv-run
	@.venv/bin/python -m config.run

test: venv-dev
	$(PYTEST) -n auto $(TESTS)

check: venv-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python -m config.messages check

bench: venv-dev
	.venv/bin/python -m tests.bench

soak: venv-dev
	$(PYTEST) -m soak -p no:xdist --timeout 0

fuzz: venv-dev
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} $(PYTEST) tests/api -p no:xdist --timeout 0

faults: venv-dev
	$(PYTEST) tests/faults -m "faults or not faults" -p no:xdist -s --timeout 0

screenshots: venv-dev
	.venv/bin/python -m tests.screenshots

demo-data: venv-run
	HUISHENG_DEMO=1 .venv/bin/python manage.py demo_data --tickets $(TICKETS)

messages: venv-dev
	.venv/bin/python -m config.messages merge
	.venv/bin/python -m config.messages compile
