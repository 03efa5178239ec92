"""Restored faces for the window: their files, their pictures, and versions of other seeds."""
