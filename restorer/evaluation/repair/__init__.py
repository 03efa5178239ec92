"""Figures of repair.

fill.py  holes of three widths in known pictures, filled by ourselves and by the classical methods
find.py  damage found on photos, beside masks of what is damaged
marks.py what a person marked on a photo by hand
"""
