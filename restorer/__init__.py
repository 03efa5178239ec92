"""Restorer's engine: old photos back to life with diffusion super-resolution.

Knows no Qt and no screen. Importing the package is cheap: torch is loaded by
the modules that compute (`restorer.engine`, `restorer.diffusion`), not here.
"""

__version__ = "0.1.0"
