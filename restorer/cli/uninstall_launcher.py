"""`restorer uninstall-launcher`: takes away what install-launcher wrote. Out: one line a place."""

from __future__ import annotations

import argparse
import sys

from restorer import launcher


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Take Restorer out of your applications menu and off the desktop."


def main(args: argparse.Namespace) -> int:
    """Exit code 0, also where nothing was there; what goes wrong is a LauncherError."""
    gone = launcher.uninstall()
    for path in gone:
        print(path)
    if not gone:
        print("restorer: There is no launcher of Restorer's here.", file=sys.stderr)
    return 0
