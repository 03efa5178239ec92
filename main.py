"""The door: `python main.py [PHOTO …]` opens the window, with the photos in it. Starts ui/, nothing else.

Before Qt is loaded it is made sure that Qt can start: where a display or a system
library is missing, one sentence is printed instead of an abort. Where a window is open
already it gets the photos, unless --new-window asks for another.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from restorer import __version__
from ui.system.environment import drop_opencv_qt_settings, obstacle


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 when the window was closed or another took over, 1 when it could not open, 2 for wrong
    arguments."""
    parser = argparse.ArgumentParser(prog="main.py", description="Restorer brings old photos back.")
    parser.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="photos to open")
    parser.add_argument("--sample", action="store_true", help="open an old photo that comes with the app")
    parser.add_argument("--batch", action="store_true", help="open the window that restores folders")
    parser.add_argument(
        "--study", action="store_true", help="open the study: tell a camera's pictures from the model's"
    )
    parser.add_argument("--new-window", action="store_true", help="even where a window is open already")
    parser.add_argument(
        "--close-after", type=float, metavar="SECONDS", help="close the window again, to prove that it opens"
    )
    parser.add_argument("--version", action="version", version=f"Restorer {__version__}")
    options = parser.parse_args(arguments)

    drop_opencv_qt_settings()
    sentence = obstacle()
    if sentence is not None:
        print(sentence, file=sys.stderr)
        return 1

    from ui.system.single_instance import LaunchRequest, send_to_open_window

    photos = tuple(Path(os.path.abspath(path)) for path in options.photos)
    token = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    request = LaunchRequest(photos, options.sample, options.batch, token, options.study)
    if not options.new_window and send_to_open_window(request):
        return 0

    from ui.app import run

    return run(request, options.close_after)


if __name__ == "__main__":
    sys.exit(main())
