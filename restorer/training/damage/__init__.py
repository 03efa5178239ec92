"""How the networks that find damage and fill it are trained.

strokes.py   ribbons, curves, cracks and clouds: what damage is drawn with
layers.py    one layer of damage: how it changes a photo, and where it counts as damage
lines.py     scratches, hairs, marks of wiping, cracks, folds, tears, fungus
areas.py     dust, specks all over, lost emulsion, stains, silvering, corners and borders that are gone
drawing.py   the damage of one photo: which kinds come together
scene.py     wires, ropes, whiskers and the like, which are no damage
examples.py  a sharp picture with a past and damage, and where the damage is
"""
