# Two commands on a fresh machine: `make demo` and `make test`. Each makes .venv first; Windows users: see the README.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test test-slow notebooks bench lint fmt docs clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade -c constraints.txt pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/igrsim demo

test: $(STAMP) lint
	$(BIN)/python -m pytest -q -n auto --dist loadscope

test-slow: $(STAMP)
	$(BIN)/python -m pytest -q -m slow

# executes the lessons in fresh kernels and compares what they say with what is saved
notebooks: $(STAMP)
	$(BIN)/python scripts/run_notebooks.py --check $(NOTEBOOKS)

# peers that are not installed are skipped: make bench BENCH='engines --quick'; pip install -c constraints.txt '.[bench]' has them
bench: $(STAMP)
	$(BIN)/python -m benchmarks $(BENCH)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/make_catalogue.py --check
	$(BIN)/python scripts/make_odd.py --check
	$(BIN)/python scripts/make_teaching.py --check

fmt: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP)
	$(BIN)/python scripts/make_catalogue.py
	$(BIN)/python scripts/make_odd.py
	$(BIN)/python scripts/make_teaching.py

clean:
	rm -rf $(VENV) build dist
