"""What a packet of XMP says of a picture and its file that is untrue of a new one: made true, or taken out.

What comes in: a packet as a tree, and the new picture's size, resolution and colours. What goes out: the same
tree. Size, orientation and resolution become those of the new picture, and a panorama's numbers grow with it.
What describes bytes that do not come along (thumbnails, depth maps, gain maps, embedded videos, the second
half of a split packet) goes, and so does a crop that is still to be made.

Source: CIPA DC-010 (EXIF in XMP); Adobe XMP Specification, part 2 (TIFF, Photoshop and Camera Raw schemas);
Google's Photo Sphere XMP Metadata (GPano).

"""

from __future__ import annotations

import re
from xml.dom.minidom import Document

from restorer.photo.metadata import regions, tree

TIFF = "http://ns.adobe.com/tiff/1.0/"
EXIF = "http://ns.adobe.com/exif/1.0/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_PANORAMA = "http://ns.google.com/photos/1.0/panorama/"
_STALE = {
    ("http://ns.adobe.com/xap/1.0/", "Thumbnails"),
    ("http://ns.adobe.com/xmp/note/", "HasExtendedXMP"),
    ("http://ns.adobe.com/exif/1.0/aux/", "ImageNumberOfRegions"),
    (_PHOTOSHOP, "ColorMode"),
    (EXIF, "ColorSpace"),
    (EXIF, "NativeDigest"),
    (EXIF, "RelatedImageWidth"),
    (EXIF, "RelatedImageLength"),
    ("http://purl.org/dc/elements/1.1/", "format"),
}
_STALE_SPACES = re.compile(
    "http://ns.adobe.com/hdr-gain-map/|http://ns.google.com/photos/[^/]*/(container|camera|depthmap|image|audio|dd)/"
    "|http://ns.google.com/(photos/dd|videos)/"
    "|http://ns.apple.com/(HDRGainMap|HDRToneMap|pixeldatainfo|depth|portrait|semantic|adjustment-settings)"
    "|http://leica-camera.com/digital-shift-assistant/",
    re.IGNORECASE,
)
_CAMERA_RAW = re.compile("http://ns.adobe.com/camera-raw-(settings|defaults|saved-settings)/")
_ENCODING = {
    *("BitsPerSample", "Compression", "PhotometricInterpretation", "SamplesPerPixel", "PlanarConfiguration"),
    *("YCbCrSubSampling", "YCbCrPositioning", "YCbCrCoefficients", "ReferenceBlackWhite", "TransferFunction"),
    *("WhitePoint", "PrimaryChromaticities", "NativeDigest"),
}
"""How the old file stored its picture."""
_WIDE, _HIGH = ("CroppedAreaImageWidthPixels", "CroppedAreaImageHeightPixels")
_RECT = "LargestValidInteriorRect"
_ACROSS = {_WIDE, "FullPanoWidthPixels", "CroppedAreaLeftPixels", f"{_RECT}Left", f"{_RECT}Width"}
_DOWN = {_HIGH, "FullPanoHeightPixels", "CroppedAreaTopPixels", f"{_RECT}Top", f"{_RECT}Height"}
_SAME_SHAPE = 0.03
"""How far a picture's sides may be from those of its panorama's part, as a share, and still be the same."""


def correct(document: Document, size: tuple[int, int], dpi: tuple[float, float] | None, srgb: bool) -> None:
    """Make a packet true of an upright picture of `size` = (width, height), `dpi` pixels per inch (None where
    nobody knows) and sRGB colours or others."""
    width, height = (str(side) for side in size)
    stated = {
        (TIFF, "Orientation"): "1",
        (TIFF, "ImageWidth"): width,
        (TIFF, "ImageLength"): height,
        (EXIF, "PixelXDimension"): width,
        (EXIF, "PixelYDimension"): height,
    }
    if dpi is not None:
        stated[TIFF, "XResolution"], stated[TIFF, "YResolution"] = (f"{round(value)}/1" for value in dpi)
        stated[TIFF, "ResolutionUnit"] = "2"
    tree.replace(document, stated)
    tree.drop(document, lambda space, name: _untrue(space, name, dpi is None, srgb))
    tree.drop_deep(
        document, lambda space, name: name.startswith("Crop") and _CAMERA_RAW.match(space) is not None
    )
    tree.replace(document, {("http://ns.adobe.com/camera-raw-settings/1.0/", "HasCrop"): "False"})
    _enlarge_panorama(document, size)
    regions.set_size(document, size)


def drop_panorama(document: Document) -> bool:
    """Take out which part of a panorama the picture is, for it has been turned or cut; whether it said so."""
    there = bool(tree.values(document, _PANORAMA))
    tree.drop(document, lambda space, _name: space == _PANORAMA)
    return there


def _untrue(space: str, name: str, unknown_resolution: bool, srgb: bool) -> bool:
    if space == TIFF:
        return name in _ENCODING or (unknown_resolution and "Resolution" in name)
    if space == EXIF and name.startswith(("Subject", "FocalPlane")):
        return name not in ("SubjectDistance", "SubjectDistanceRange")
    if (space, name) == (_PHOTOSHOP, "ICCProfile"):
        return srgb
    return (space, name) in _STALE or _STALE_SPACES.match(space) is not None


def _enlarge_panorama(document: Document, size: tuple[int, int]) -> None:
    """Give a panorama's pixel counts the scale of the new picture; where that cannot be told they go."""
    said = {name: values[0] for name, values in tree.values(document, _PANORAMA).items()}
    if not said:
        return
    try:
        across, down = size[0] / float(said[_WIDE]), size[1] / float(said[_HIGH])
        if not (across > 0 and abs(across / down - 1) < _SAME_SHAPE):
            raise ValueError("another shape")
        counts = {name: float(said[name]) * across for name in _ACROSS if name in said}
        counts |= {name: float(said[name]) * down for name in _DOWN if name in said}
        replaced = {(_PANORAMA, name): str(round(value)) for name, value in counts.items()}
    except (KeyError, ValueError, ZeroDivisionError, OverflowError):
        drop_panorama(document)
        return
    tree.replace(document, replaced)
