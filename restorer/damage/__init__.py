"""Damage of photos: where it is, what a person says of that, and what is put in its place.

mask.py              DamageMask: what was found; what a person added, erased and protected; PNG files of it
mask_edits.py        a mask is turned, straightened and cropped as its photo is
network_finder.py    a photo and a network to a mask
classical_finder.py  looks for damage without a network
filler.py            fills what is marked: by a network, or classically where none is installed
classical_filler.py  fills from the rim and the grain around it
filled_pixels.py     the pixels that took the place of damage, which go with a result
photo_repair.py      one photo: found, filled, and the facts of it
borders.py           where a photo can be cut so that its damaged border is gone
scores.py            how well found damage agrees with what a person marked
"""
