"""Damage of photos: where it is, what a person says of that, and what is put in its place.

mask.py       DamageMask: what was found, and what a person added, erased and protected; PNG files of it
finding.py    a photo and a network to a mask
filling.py    what is marked is filled: by a network, or classically where none is installed
classical.py  filling from the rim and the grain around it
scores.py     how well found damage agrees with what a person marked
"""
