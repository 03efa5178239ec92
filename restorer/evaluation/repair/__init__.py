"""Figures of repair.

fill.py  holes of three widths in known pictures, filled by ourselves and by the classical methods
find.py  damage found on photos, beside what a person marked
finders.py  the ways to find it
patchmatch.py  holes filled with patches of the same picture
marks.py what a person marked on a photo by hand
"""
