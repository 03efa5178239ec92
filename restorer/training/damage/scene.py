"""Thin and small things that belong to a scene and are no damage: wires, ropes, whiskers, nets, railings,
text, stars. Drawn over sharp pictures before anything of a photo's past, and never marked, they are what a
finding network has to leave alone. They keep an even width, end at something or run through, and are as sharp
as the scene."""

from __future__ import annotations

import string

import numpy as np

from restorer.opencv import opencv
from restorer.training.damage.strokes import cloud, ribbon, wander

__all__ = ["THINGS", "with_scene_lines"]

cv2 = opencv()


def _across(height: int, width: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two points on different sides of the picture."""
    sides = random.permutation(4)[:2]
    ends = []
    for side in sides:
        share = random.uniform(-0.1, 1.1)
        ends.append(
            (
                (share * width, -9),
                (share * width, height + 9),
                (-9, share * height),
                (width + 9, share * height),
            )[side]
        )
    return np.array(ends[0], float), np.array(ends[1], float)


def _wires(canvas: np.ndarray, unit: float, random: np.random.Generator) -> None:
    """Lines that sag a little, alone or in parallel."""
    begin, end = _across(canvas.shape[0], canvas.shape[1], random)
    t = np.linspace(0, 1, 40)[:, None]
    sag = random.uniform(0, 0.12) * np.hypot(*(end - begin)) * 4 * t * (1 - t) * np.array([0, 1])
    path = begin + (end - begin) * t + sag
    width = unit * random.uniform(0.5, 2.5)
    for number in range(random.integers(1, 6)):
        ribbon(canvas, path + number * np.array([random.uniform(-1, 1), random.uniform(4, 14)]) * unit, width)


def _rope(canvas: np.ndarray, unit: float, random: np.random.Generator) -> None:
    """A thick line with the twist of its strands."""
    begin, end = _across(canvas.shape[0], canvas.shape[1], random)
    t = np.linspace(0, 1, 200)
    path = begin + (end - begin) * t[:, None]
    twist = 1 + 0.25 * np.sin(t * np.hypot(*(end - begin)) / (unit * random.uniform(0.8, 2)))
    ribbon(canvas, path, unit * random.uniform(2, 6) * twist, random.uniform(0.7, 1))


def _whiskers(canvas: np.ndarray, unit: float, random: np.random.Generator) -> None:
    """A fan of tapered curves from a few points: whiskers, eyelashes, loose hair, grass."""
    start = random.uniform(0.1, 0.9, 2) * canvas.shape[::-1]
    way, fan = random.uniform(0, 2 * np.pi), random.uniform(0.1, 0.7)
    for _ in range(random.integers(4, 16)):
        length = unit * 10 ** random.uniform(1.1, 2.0)
        at = start + random.normal(0, 4 * unit, 2)
        points = wander(at, way + random.normal(0, fan), length, random.uniform(0, 0.15), random)
        ribbon(
            canvas,
            points,
            unit * random.uniform(0.6, 1.5) * np.linspace(1, 0.2, len(points)),
            random.uniform(0.5, 1),
        )


def _net(canvas: np.ndarray, unit: float, random: np.random.Generator) -> None:
    """A mesh within a patch: lace, veils, fences, rigging."""
    height, width = canvas.shape
    layer = np.zeros_like(canvas)
    step, angle = unit * random.uniform(4, 14), random.uniform(0, np.pi)
    reach = float(max(height, width))
    middle = np.array([width, height]) / 2
    for turn in (angle, angle + random.uniform(0.9, 1.6)):
        ahead, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        for offset in np.arange(-reach, reach, step):
            ends = middle + offset * across + np.array([[-reach], [reach]]) * ahead
            ribbon(layer, ends, unit * random.uniform(0.7, 1.1))
    patch = cloud(height, width, reach / 3, random, 2) > random.uniform(-0.5, 0.8)
    np.maximum(canvas, layer * patch, out=canvas)


def _rails(canvas: np.ndarray, unit: float, random: np.random.Generator) -> None:
    """Posts and rails at even distances, and a lamp post alone."""
    height, width = canvas.shape
    step, lean = unit * random.uniform(5, 30), random.normal(0, 0.03) * height
    thick, top = unit * random.uniform(0.8, 4), random.uniform(-0.1, 0.7) * height
    bottom = top + random.uniform(0.2, 1.1) * height
    count = 1 if random.random() < 0.1 else int(width / step) + 1
    first = random.uniform(0, width if count == 1 else step)
    for number in range(count):
        x = first + number * step
        ribbon(canvas, np.array([[x, top], [x + lean, bottom]]), thick)
    if count > 1:
        ribbon(canvas, np.array([[-9, top], [width + 9, top + random.normal(0, 3)]]), thick)


def _text(canvas: np.ndarray, unit: float, random: np.random.Generator) -> None:
    """Letters of a sign or of what was written on the print."""
    letters = "".join(random.choice(list(string.ascii_letters + string.digits), random.integers(3, 12)))
    font = int(
        random.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX])
    )
    at = (int(random.uniform(-0.1, 0.7) * canvas.shape[1]), int(random.uniform(0.1, 0.95) * canvas.shape[0]))
    thick = max(1, round(unit * random.uniform(0.6, 1.6)))
    cv2.putText(canvas, letters, at, font, unit * random.uniform(0.35, 1.2), 255, thick, cv2.LINE_AA)


def _stars(canvas: np.ndarray, unit: float, random: np.random.Generator) -> None:
    """Small round lights, of one sharpness: stars, sequins, catchlights."""
    height, width = canvas.shape
    for _ in range(random.integers(3, 40)):
        at = (int(random.uniform(0, width) * 16), int(random.uniform(0, height) * 16))
        cv2.circle(
            canvas,
            at,
            int(16 * unit * random.uniform(0.4, 1.0)),
            int(random.uniform(90, 255)),
            -1,
            cv2.LINE_AA,
            4,
        )


THINGS = (_wires, _rope, _whiskers, _net, _rails, _text, _stars)
OFTEN = np.array([4, 4, 4, 4, 4, 4, 1]) / 25
"""How often each of them is drawn. A star alone cannot be told from a speck of dust, so stars are rare."""


def with_scene_lines(photo: np.ndarray, unit: float, random: np.random.Generator) -> np.ndarray:
    """The photo, (H, W, 3) float32 on [0, 1], with one or two of `THINGS` in it, shaded as things are."""
    height, width = photo.shape[:2]
    for _ in range(random.integers(1, 3)):
        canvas = np.zeros((height, width), np.uint8)
        thing = THINGS[random.choice(len(THINGS), p=OFTEN)]
        thing(canvas, unit, random)
        light = thing is _stars or random.random() < 0.45
        tone = random.uniform(0.55, 1.0) if light else random.uniform(0.0, 0.35)
        colour = np.clip(tone + random.normal(0, 0.06, 3), 0, 1)
        shade = 1 + 0.15 * cloud(height, width, 40, random, 2)[..., None]
        cover = canvas[..., None].astype(np.float32) / 255
        photo = photo * (1 - cover) + cover * (colour * shade).astype(np.float32)
    return photo.clip(0, 1)
