"""Damage of photos: where it is, what a person says of that, and what is put in its place.

mask.py      DamageMask: what was found, and what a person added, erased and protected; PNG files of it
"""
