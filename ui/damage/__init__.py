"""Damage of the photo in view: found, marked with a brush, protected, filled.

mask_map.py      a mask at the sizes that a screen shows, and how much of the photo it marks
stroke.py        a stroke of the brush, as far as it is drawn
mask_history.py  the strokes, undone and redone
overlay.py       the mask over the canvas, and the brush
brush_tool.py    the mouse on the canvas draws
bar.py           the buttons and sliders under the canvas
card.py          what the panel says of damage
mask_files.py    masks in PNG files
view.py          serves one canvas with all of them
"""
