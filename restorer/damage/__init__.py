"""Damage of photos: where it is, what a person says of that, and what is put in its place.

mask.py       DamageMask: what was found, and what a person added, erased and protected; PNG files of it
finding.py    a photo and a network to a mask
filling.py    what is marked is filled: by a network, or classically where none is installed
classical.py  filling from the rim and the grain around it
search.py     looks for damage without a network
repairing.py  one photo: found, filled, and the facts of it
mended.py     the pixels that took the place of damage, which go with a result
borders.py    where a photo can be cut so that its damaged border is gone
carrying.py   a mask goes with its photo through desk work
scores.py     how well found damage agrees with what a person marked
"""
