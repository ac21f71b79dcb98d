# What a developer does here, from nothing but python3 and pip. `make` alone lists the targets.

UV_VERSION := 0.13.8
UV := .tools/bin/uv
BIN := .venv/bin
READY := .venv/.ready
PYTEST := $(BIN)/pytest -n 2

# Trust what the machine trusts: many organisations look into TLS with a certificate of their own.
export UV_SYSTEM_CERTS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup serve test browser lint format bench

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Install everything into .venv (again only when the lock changes)

serve: $(READY) ## Run the service on 127.0.0.1, port $PORT or 8000
	@$(BIN)/submission serve

test: $(READY) ## Run every test, the browser's too where there is a browser
	$(PYTEST)

browser: $(READY) ## Run the browser tests alone
	$(PYTEST) tests/browser

lint: $(READY) ## Check format, style, types, import contracts and the definitions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/submission lint

format: $(READY) ## Mend what ruff can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## Print the speed of judging, as ratios within one run
	$(BIN)/python -m bench

# uv lives in a folder of its own, so that nothing on the machine is changed.
# `--without-pip` because Debian's python3 comes without ensurepip.
$(UV):
	python3 -m venv --without-pip .tools
	python3 -m pip --python .tools/bin/python install --quiet uv==$(UV_VERSION)

# `--frozen`: install what the lock says, from wherever it says, even behind a mirror.
$(READY): $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet
	@touch $@
