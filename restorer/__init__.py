"""Restorer's engine: old photos back to life with diffusion super-resolution.

Knows no Qt and no screen. Importing the package is cheap: torch is loaded by
the modules that compute (`restorer.pipeline.restore`, `restorer.diffusion`), not here.
"""

__version__ = "0.1.0"

import os as _os

# A step of a network is thousands of short parallel pieces, and behind each the threads that are done wait
# for the rest. GNU's OpenMP lets them wait awake for some 300,000 rounds, which takes the core away from the
# very thread they wait for as soon as another program wants one too: a run took six times as long then
# (benchmarks/company.py). OpenMP reads this when its library is loaded, that is, with torch.
if "OMP_WAIT_POLICY" not in _os.environ:
    _os.environ.setdefault("GOMP_SPINCOUNT", "2000")
