# Everything that is done to this project. `make` alone prints what there is.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BASELINES := evals/shunter/evals/baselines

.DEFAULT_GOAL := help
.PHONY: help setup demo test soak check fix bench evals evals-baseline classifier lock clean

help: ## print this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24

setup: $(READY) ## make .venv/bin/shunter ready (PYTHON=/path/to/python3 picks the interpreter)

$(READY): requirements.lock pyproject.toml
	@scripts/setup "$(PYTHON)"

demo: $(READY) ## transcribe a recording and answer a question from it, offline; leaves out/
	$(BIN)/shunter run "Transcribe the recording and answer: who founded Dagger?" \
	  --input recording=docs/examples/talk.wav --input vocabulary="Solomon Hykes, Docker, Dagger" --output out/

test: $(READY) ## run the tests
	$(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal

soak: $(READY) ## kill, crowd and damage it for ten minutes or more (SEED=N repeats; SOAK="--kills 20" is shorter)
	$(BIN)/python -m tests.soak $(if $(SEED),--seed $(SEED)) $(SOAK)

check: $(READY) ## look at format, lint, types and layers; a warning is an error
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pyright --warnings
	$(BIN)/lint-imports --no-logo

fix: $(READY) ## repair format and lint where a machine can
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

bench: $(READY) ## measure against floors taken in the same run (ROWS="step file" measures these alone)
	@$(BIN)/python benchmarks/run.py $(ROWS)

evals: $(READY) ## run the suites offline, and say what got worse since the baseline
	@rm -f out/evals.jsonl
	$(BIN)/shunter eval basics pipelines --planner embedded --output out/evals.jsonl
	$(BIN)/shunter eval gate out/evals.jsonl --baseline $(BASELINES)/embedded.json

evals-baseline: $(READY) ## run the suites, and write what they give as the new baseline
	@rm -f out/evals.jsonl
	$(BIN)/shunter eval basics pipelines --planner embedded --output out/evals.jsonl
	$(BIN)/shunter eval baseline out/evals.jsonl --reasons $(BASELINES)/misses.yaml --output $(BASELINES)/embedded.json

classifier: $(READY) ## learn the embedded planner's classifier anew, from the goals that there are
	@$(BIN)/python -m tests.agent.goals.learning

lock: $(READY) ## bring requirements.lock up to what pyproject.toml allows
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --group dev --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean: ## remove what was set up, built, cached and put out (not the home folder of shunter)
	rm -rf .venv build dist out .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .grimp_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
