# One door for people and machines. `make` alone prints the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
PART ?= dev
CASE ?= demo-case
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test check bench quality soak docs models lock clean browser

help:  ## print the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready src/ascertain/models/data/places.sqlite  ## make .venv with everything in it (quiet and quick when done)

# What pip says goes to build/setup.log; only its errors are shown.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "ascertain needs Python 3.11 or newer: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "setting up $(VENV) (a minute or two the first time)" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p build
	@{ $(BIN)/python -m pip install --progress-bar off --require-hashes -r requirements.lock \
	  && $(BIN)/python -m pip install --progress-bar off --no-deps --no-build-isolation -e . ; } > build/setup.log 2>&1 \
	  || { grep '^ERROR' build/setup.log >&2; echo "setting up failed; all that pip said is in build/setup.log" >&2; exit 1; }
	@touch $@

src/ascertain/models/data/places.sqlite: $(VENV)/.ready src/ascertain/models/build_places.py
	@echo "building the gazetteer from its packaged sources (about 20 seconds)" >&2
	@$(BIN)/python -m ascertain.models.build_places --out $@

demo: setup  ## the main job on the bundled sample case
	@$(BIN)/python tools/demo.py $(CASE)

test: setup browser  ## all tests, in two halves at the same time
	@mkdir -p build; $(BIN)/python -m pytest tests/integration > build/integration.log 2>&1 & half=$$!; \
	  $(BIN)/python -m pytest tests/unit tests/property tests/browser; rest=$$?; \
	  wait $$half; done=$$?; cat build/integration.log; exit $$((rest | done))

check: setup  ## format, lint, types, import rules, unit and property tests
	@$(BIN)/ruff format --check src tests tools
	@$(BIN)/ruff check src tests tools
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/interrogate -q src/ascertain
	@$(BIN)/python -m pytest tests/unit tests/property

quality: setup  ## accuracy on annotated data, against floors (DATA=DIR PART=dev)
	@$(BIN)/python tools/quality.py --data "$(DATA)" --part "$(PART)" --out build/quality.json
	@test "$(PART)" != dev || $(BIN)/python tools/accuracy.py

bench: setup  ## speeds as ratios against a named peer in the same run
	@$(BIN)/python tools/bench.py --out build/bench.json

soak: setup  ## kill -9 at random points, more than a thousand times, also with the disk full (an hour)
	@$(BIN)/python -m pytest tests/integration/test_kill_all.py --kills 75
	@$(BIN)/python -m pytest tests/integration/test_kill.py tests/integration/test_kill_export.py --kills 50

docs: setup  ## write the reference from the code; check links, names and examples of the docs
	@$(BIN)/python tools/reference.py
	@$(BIN)/python -m pytest tests/unit/test_docs.py

browser:
	@command -v chromium >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }; } \
	  || echo "chromium is not installed: browser tests will be skipped (apt install chromium)" >&2

models:  ## train the learned reader anew (an hour or more on one core; CLEAN=1: openly licensed sets alone, to build/clean)
	@test -x build/training/bin/python || $(PYTHON) -m venv build/training
	@build/training/bin/python -m pip install --quiet -r training/requirements.txt
	@OMP_NUM_THREADS=1 PYTHONPATH=src build/training/bin/python training/train.py --data "$(DATA)" --out build/reader$(if $(CLEAN),-clean).pt $(if $(CLEAN),--clean)
	@OMP_NUM_THREADS=1 PYTHONPATH=src build/training/bin/python training/export.py build/reader$(if $(CLEAN),-clean).pt $(if $(CLEAN),build/clean,src/ascertain/models/data)

lock:  ## renew requirements.lock
	@$(BIN)/python -m pip install --quiet pip-tools
	@$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe \
	  --extra formats --extra places --extra web --extra dev --output-file requirements.lock pyproject.toml

clean:  ## remove what was built
	rm -rf $(VENV) build $(CASE)
