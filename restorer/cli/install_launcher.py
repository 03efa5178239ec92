"""`restorer install-launcher [--desktop]`: Restorer in the applications menu. Out: one line a place."""

from __future__ import annotations

import argparse

from restorer import launcher


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Put Restorer into your applications menu. Needs no administrator."
    parser.add_argument("--desktop", action="store_true", help="put it on the desktop, too")


def main(args: argparse.Namespace) -> int:
    """Exit code 0; what goes wrong is a LauncherError."""
    for path in launcher.install(args.desktop):
        print(path)
    return 0
