#!/bin/sh
# Finds a Python that can run Restorer and hands over to tools/setup.py.
# Usage: tools/setup.sh run|train|test|check|docs|bundle      (PYTHON=/path/to/python to choose one)
set -u
here=$(dirname "$0")

fits() { # a pyenv shim exists and still does not run, so every candidate is tried
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    if fits "$PYTHON"; then
        exec "$PYTHON" "$here/setup.py" "$@"
    fi
    echo "PYTHON=$PYTHON is not a Python from 3.11 to 3.14; name another one." >&2
    exit 1
fi
for candidate in python3 python3.11 python3.12 python3.13 python3.14 python; do
    if fits "$candidate"; then
        exec "$candidate" "$here/setup.py" "$@"
    fi
done

found=$(python3 -c 'import platform; print(platform.python_version())' 2>/dev/null || true)
if [ -n "$found" ]; then
    echo "Restorer needs Python 3.11 to 3.14, and python3 is $found here." >&2
else
    echo "Restorer needs Python 3.11 to 3.14, and no python3 was found here." >&2
fi
echo "Install one, and if it is not on the PATH name it: make PYTHON=/path/to/python3.12 ${1:-run}" >&2
exit 1
