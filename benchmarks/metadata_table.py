"""What of real cameras' metadata survives in each format, counted by exiftool.

    python benchmarks/metadata_table.py FOLDER [--side 48]

Every JPEG of FOLDER is read, enlarged four times, and written as PNG, JPEG, TIFF and WebP. exiftool reads
both ends. Out: a table in Markdown with a line for each group of fields, how many of its fields have the same
value in the result; what is missing or different, by name; and what exiftool's own validation says of the
results. Fields that must change (sizes, resolution, orientation, software, thumbnails, the file itself) are
not counted.

--side: only the upper left corner of so many pixels is enlarged, since metadata do not grow with the picture.

"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from restorer.errors import PhotoError
from restorer.photo import Photo, read_photo, write_photo

SUFFIXES = (".png", ".jpg", ".tif", ".webp")
GROUPS = {
    "IFD0": "EXIF: the photo",
    "ExifIFD": "EXIF: the exposure",
    "GPS": "EXIF: the place",
    "InteropIFD": "EXIF: interoperability",
    "MakerNotes": "makers' notes",
    "XMP": "XMP",
    "IPTC": "IPTC",
    "ICC": "colour profile",
    "File": "comment",
}
TRUE_ANEW = re.compile(
    "Image(Width|Height|Length)|ExifImage|Related|[XY]?Resolution(Unit)?$|Orientation|Software|Thumbnail|Preview|YCbCr"
    "|Subject(Area|Location)|FocalPlane|ColorSpace|ReferenceBlackWhite|(Offset|Length|Start)$|ExifByteOrder|JPG|"
    "Padding|XMPToolkit|HasExtendedXMP|BitsPerSample|Compression$|PhotometricInterp|SamplesPerPixel|RowsPerStrip"
    "|PlanarConf|Strip|PixelDimension|[XY]Dimension|NativeDigest|InteropIndex|ComponentsConf|DigitalSourceType"
    "|Format$|CodedCharacterSet|Said|Model$(?<=restorer)|Crop(Top|Left|Bottom|Right|Angle|Width|Height|Unit)|HasCrop"
    "|ColorMode|ICCProfileName|TransferFunction|WhitePoint|PrimaryChrom|ApplicationRecordVersion|Regions?Applied"
)
HARMLESS = re.compile("0x0103 Compression|not allowed in TIFF|GPSProcessingMethod")


def said(path: Path) -> dict[str, str]:
    """What exiftool finds in a file: group and name -> value."""
    command = ["exiftool", "-j", "-a", "-G0:1", "-n", "-validate", "-warning", "-error", "-all", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(run.stdout)[0] if run.stdout else {}
    return {key: str(value) for key, value in found.items()}


def group_of(key: str) -> str | None:
    """The line of the table that a field belongs to; None for what must change, or describes the file."""
    zeroth, _, rest = key.partition(":")
    first, _, name = rest.rpartition(":")
    if TRUE_ANEW.search(name) or not name:
        return None
    if zeroth == "File":
        return "File" if name == "Comment" else None
    if zeroth == "EXIF":
        return first if first in GROUPS else None
    zeroth = {"ICC_Profile": "ICC"}.get(zeroth, zeroth)
    return zeroth if zeroth in GROUPS else None


def enlarged(photo: Photo, side: int) -> Photo:
    """The photo, or its corner, four times as large."""
    if side:
        photo = replace(photo, pixels=np.ascontiguousarray(photo.pixels[:side, :side]), alpha=None)
    width, height = photo.size
    return photo.with_float(
        np.repeat(np.repeat(photo.to_float(), 4, axis=0), 4, axis=1)[: 4 * height, : 4 * width]
    )


def main() -> int:
    """Exit code 0 where exiftool is there and finds no fault."""
    parser = argparse.ArgumentParser(description="Count what survives of metadata.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--side", type=int, default=48)
    args = parser.parse_args()
    if shutil.which("exiftool") is None:
        print("exiftool is not installed (Debian: libimage-exiftool-perl).", file=sys.stderr)
        return 2
    total, kept = Counter[str](), Counter[tuple[str, str]]()
    lost, faults = Counter[tuple[str, str]](), Counter[str]()
    refused: list[str] = []
    photos = sorted(path for path in args.folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    with tempfile.TemporaryDirectory() as folder:
        for path in photos:
            try:
                photo = enlarged(read_photo(path), args.side)
            except PhotoError as error:
                refused.append(str(error))
                continue
            before = {key: value for key, value in said(path).items() if group_of(key)}
            total.update(str(group_of(key)) for key in before)
            for suffix in SUFFIXES:
                result = write_photo(photo, Path(folder) / f"a{suffix}", provenance={"Model": "m"})
                after = said(result)
                for key, text in after.items():
                    if key.endswith((":Warning", ":Error")) and not HARMLESS.search(text):
                        faults[f"{suffix[1:]}: {text}"] += 1
                values = {key.rpartition(":")[2]: value for key, value in after.items()}
                for key, value in before.items():
                    group, name = str(group_of(key)), key.rpartition(":")[2]
                    if after.get(key) == value or values.get(name) == value:
                        kept[group, suffix] += 1
                    else:
                        lost[suffix, f"{group}:{name}"] += 1
    print(f"{len(photos) - len(refused)} photos")
    print("\n".join(refused) + "\n")
    print("| fields | in the photos | PNG | JPEG | TIFF | WebP |\n|---|---:|---:|---:|---:|---:|")
    for group, title in GROUPS.items():
        if total[group]:
            print(f"| {title} | {total[group]} | {' | '.join(str(kept[group, each]) for each in SUFFIXES)} |")
    for suffix in SUFFIXES:
        names = [f"{name} {count}" for (where, name), count in lost.most_common() if where == suffix]
        print(f"\n{suffix[1:]}, missing or different: {', '.join(names[:25]) or 'nothing'}")
    print()
    for text, count in faults.most_common(30):
        print(f"{count} x {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
