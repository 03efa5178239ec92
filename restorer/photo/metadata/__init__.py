"""Metadata blocks: EXIF, XMP, and the fields in them that mean a place in the picture."""
