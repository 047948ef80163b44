# make run     install what the app needs into .venv and open it
# make test    install what the tests need too and run them all
# make lint    check style          make types   check types
# make clean   remove caches and builds; .venv stays
#
# PYTHON=… chooses the interpreter .venv is made with; ARGS="…" goes to Streamlit or pytest.
# Written for GNU Make 3.81 and a plain POSIX shell, which is what macOS has.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
QUIET := $(if $(CI),--quiet)
NEW_ENOUGH := 'import sys; sys.exit(sys.version_info < (3, 11))'
# A file in .venv remembers what it was filled from, so that a second run starts at once.
FILLED = [ "$$(cat $(VENV)/$(1) 2>/dev/null)" = "$$(cat $(2) | cksum)" ]
REMEMBER = cat $(2) | cksum > $(VENV)/$(1)
NO_BROWSER := so the browser tests will be skipped.

.PHONY: help run test lint types clean venv torch install install-dev chromium

help:
	@sed -n 's/^# \{0,1\}//p; /^$$/q' Makefile

run: install
	@$(PY) -m streamlit run app.py --server.address localhost $(ARGS)

test: install-dev chromium
	@$(PY) -m pytest -n auto --dist loadfile $(ARGS)

lint: install-dev
	@$(PY) -m ruff check .

types: install-dev
	@$(PY) -m mypy

clean:
	@rm -rf build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

venv:
	@if [ -e $(VENV) ]; then \
	    $(PY) -c $(NEW_ENOUGH) 2>/dev/null && exit 0; \
	    echo "$(VENV) holds no working Python 3.11 or newer. Remove the folder and try again." >&2; \
	    exit 1; \
	fi; \
	for python in $(if $(PYTHON),$(PYTHON),python3.11 python3.12 python3.13 python3); do \
	    "$$python" -c $(NEW_ENOUGH) 2>/dev/null || continue; \
	    echo "Making $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    exit 1; \
	done; \
	found="$$($(if $(PYTHON),$(PYTHON),python3) --version 2>&1 | head -n 1)"; \
	echo "Kura needs Python 3.11 or newer; found: $$found." >&2; \
	echo "Install it, or name one: make run PYTHON=/path/to/python3.11" >&2; \
	exit 1

install: torch
	@$(call FILLED,requirements.sum,requirements.txt) && exit 0; \
	set -e; \
	echo "Installing requirements.txt (the first time takes some minutes)"; \
	$(PIP) install $(QUIET) --requirement requirements.txt; \
	$(call REMEMBER,requirements.sum,requirements.txt)

install-dev: install
	@$(call FILLED,requirements-dev.sum,requirements.txt requirements-dev.txt) && exit 0; \
	set -e; \
	echo "Installing requirements-dev.txt"; \
	$(PIP) install $(QUIET) --requirement requirements.txt --requirement requirements-dev.txt; \
	$(call REMEMBER,requirements-dev.sum,requirements.txt requirements-dev.txt)

# On Linux the default build of PyTorch brings CUDA: take the CPU build from pip's configured sources
# where they have it, else from the index that requirements.txt names. Any build already there stays.
torch: venv
	@[ "$$(uname -s)" = Linux ] || exit 0; \
	$(call FILLED,requirements.sum,requirements.txt) && exit 0; \
	version="$$(sed -n 's/^torch==//p' requirements.txt)"; \
	index="$$(sed -n 's/^#.*--index-url \(https:[^ ]*\).*/\1/p' requirements.txt)"; \
	$(PIP) show torch 2>/dev/null | grep -q "^Version: $$version\(+.*\)\{0,1\}$$" && exit 0; \
	echo "Installing PyTorch $$version (CPU build)"; \
	$(PIP) install --quiet --no-deps "torch==$$version+cpu" 2>/dev/null && exit 0; \
	$(PIP) install --no-deps "torch==$$version+cpu" --index-url "$$index" && exit 0; \
	echo "The CPU build of PyTorch could not be installed from pip's sources or $$index." >&2; \
	echo "Check the network and try again; or, for the default build with several gigabytes of CUDA:" >&2; \
	echo "  $(PIP) install torch==$$version" >&2; \
	exit 1

chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	    command -v $$name >/dev/null 2>&1 && exit 0; \
	done; \
	if ! command -v apt-get >/dev/null 2>&1; then \
	    echo "Chromium is missing and there is no apt-get to install it with, $(NO_BROWSER)"; \
	elif [ "$$(id -u)" != 0 ]; then \
	    echo "Chromium is missing and installing it needs root, $(NO_BROWSER)"; \
	    echo "To run them: sudo apt-get install chromium"; \
	else \
	    echo "Installing Chromium"; \
	    apt-get update -qq </dev/null; \
	    DEBIAN_FRONTEND=noninteractive \
	        apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null \
	        || echo "Chromium could not be installed, $(NO_BROWSER)"; \
	fi
