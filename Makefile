# One word each; everything behind them is CMake presets and small scripts, so
# whoever knows CMake needs no make.
#
#   PRESET=release|ci|dev|asan   which build (CMakePresets.json has more)
#   ARGS="..."                   passed on to mind-bench, or to the test runner
#   SECONDS=60                   how long fuzz runs each target

PRESET ?= release
ARGS   ?=
SECONDS ?= 60
BUILD  := build$(if $(filter-out release,$(PRESET)),-$(PRESET))
PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup configure build test threads fuzz bench format lint docs clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## install what is missing: Debian packages, and Python packages in .venv
	@utils/setup.sh

configure: setup
	@cmake --preset $(PRESET) --log-level=WARNING

build: configure ## set-up, then compile everything into build/
	@cmake --build --preset $(PRESET)

test: build ## build, then every test
	@$(PYTHON) utils/run_tests.py --build $(BUILD) $(ARGS)

threads: ## what is about threads, under ThreadSanitizer
	@$(MAKE) --no-print-directory test PRESET=tsan ARGS="--only unit $(ARGS)"

fuzz: setup ## fuzz the front end and the dialect, SECONDS=60 for each target
	@cmake --preset fuzz --log-level=WARNING
	@cmake --build --preset fuzz
	@$(PYTHON) utils/fuzz.py --build build-fuzz --seconds $(SECONDS) $(ARGS)

bench: configure ## build what it takes, then measure MIND against PyTorch
	@cmake --build $(BUILD) --target mind-bench mindc _native libtorch-worker
	@$(BUILD)/bin/mind-bench $(ARGS)

docs: build ## build, then write the generated pages of docs/reference
	@cmake --build $(BUILD) --target mind-docs

format: setup ## format all C++ sources
	@git ls-files '*.h' '*.cpp' | xargs -r clang-format-22 -i

lint: build ## check format, heads and sizes of files, and clang-tidy's findings
	@git ls-files '*.h' '*.cpp' | xargs -r clang-format-22 --dry-run --Werror
	@$(PYTHON) utils/lint.py
	@run-clang-tidy-22 -quiet -p $(BUILD) '/(lib|tools)/.*[.]cpp$$'

clean: ## remove what was built
	@rm -rf build build-*
