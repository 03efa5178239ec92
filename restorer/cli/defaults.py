"""What the window's settings say, for options that were not given on the command line.

In: parsed arguments of `restorer restore` or `restorer batch`, in which an option that was not given is None.
Out: the same with the settings of the window filled in, or the usual values with --no-settings.
"""

from __future__ import annotations

import argparse
import sys

from restorer import paths
from restorer.cli.progress_line import visible
from restorer.errors import RequestError, SettingsError
from restorer.files import naming
from restorer.packs import catalog
from restorer.preferences import MOST_THREADS, Format, Preferences, read


def settle(args: argparse.Namespace) -> None:
    """Fill in what the command line left open; a settings file that cannot be read costs a sentence.

    Sets scale, device, threads, tile, quality, metadata, file_date and name where they are None. `format` is
    what was asked for by name; `usual_format` what the settings want where no name of a file decides ("png",
    …, or None for the photo's own). `sixteen`: 16 bits where a format holds them, if no bits were asked for.
    Raises RequestError for numbers that make no sense.
    """
    settings = Preferences() if args.no_settings else _settings()
    output = settings.output
    for name, value in (
        ("device", settings.device),
        ("threads", settings.threads),
        ("tile", settings.tile),
        ("quality", output.quality),
        ("metadata", output.metadata.value),
        ("file_date", output.date.value),
    ):
        if getattr(args, name) is None:
            setattr(args, name, value)
    if args.scale is None:
        args.scale = _usual_scale(args.model)
    if args.threads < 0:
        raise RequestError(f"The number of threads cannot be negative, as {args.threads} is.")
    if args.threads > MOST_THREADS:
        raise RequestError(f"At most {MOST_THREADS} threads can be used, not {args.threads}.")
    args.tile = args.tile or None  # 0 is the device's own choice
    args.sixteen = output.sixteen and args.bits is None
    args.usual_format = None
    if args.format == Format.SAME:
        args.format = None
    elif args.format is None and output.format is not Format.SAME:
        # A photo's own format would be left for these bits, and so is the settings'.
        fits = args.bits != 16 or output.format in (Format.PNG, Format.TIFF)
        args.usual_format = output.format.value if fits else None
    if "name" in args and args.name is None:
        args.name = _template(output.template)


def _usual_scale(model: str | None) -> int:
    """4; a model for single faces has an enlargement of its own."""
    pack = next((pack for pack in catalog.all_packs() if pack.name == model), None) if model else None
    return pack.scale if pack is not None and pack.kind == "face-sr" else 4


def _settings() -> Preferences:
    try:
        return read(paths.settings_dir())
    except SettingsError as error:
        print(visible(f"restorer: {error}"), file=sys.stderr)
        return Preferences()


def _template(wanted: str) -> str:
    """The settings' template, where it can name the results of a folder."""
    try:
        naming.check(wanted)
    except RequestError:
        return naming.TEMPLATE
    return wanted
