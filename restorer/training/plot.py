"""A run in one picture: its loss, its validation curve and its latest samples. Drawn with Pillow alone."""

from __future__ import annotations

import json
import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from restorer.diffusion.denoiser import NOISE
from restorer.errors import RequestError

__all__ = ["plot"]

WIDTH, HEIGHT, EDGE = 1200, 420, 60
COLOURS = ((70, 110, 190), (200, 90, 60), (70, 150, 90), (150, 90, 170), (120, 120, 120))

Series = dict[str, list[tuple[float, float]]]


def _read(path: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _chart(series: Series, title: str) -> Image.Image:
    """Curves over crops seen, loss on a logarithmic axis."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(14)
    points = [point for curve in series.values() for point in curve]
    right = max(x for x, _ in points)
    low, high = math.log(min(y for _, y in points)), math.log(max(y for _, y in points))
    high = max(high, low + 1e-3)

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            EDGE + (WIDTH - 2 * EDGE) * x / right,
            HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (math.log(y) - low) / (high - low),
        )

    draw.text((EDGE, 12), title, "black", font)
    for part in range(5):
        value = math.exp(low + (high - low) * part / 4)
        _, y = place(0, value)
        draw.line((EDGE, y, WIDTH - EDGE, y), (225, 225, 225))
        draw.text((8, y - 8), f"{value:.3f}", "black", font)
        x, _ = place(right * part / 4, math.exp(low))
        draw.text((x - 20, HEIGHT - EDGE + 8), f"{right * part / 4:,.0f}", "black", font)
    draw.text((WIDTH // 2 - 40, HEIGHT - 28), "crops seen", "black", font)
    for number, (name, curve) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        draw.line([place(x, y) for x, y in curve], colour, 2)
        draw.text((WIDTH - EDGE - 170, EDGE + 18 * number), name, colour, font)
    return image


def _objective(run: Path) -> str:
    """What the run's loss is, in words; its recipe says so."""
    path = run / "recipe.json"
    recipe = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if recipe.get("adversarial"):
        return "all terms of its loss"
    return "|eps - F|" if recipe.get("predicts") == NOISE else "EDM-weighted loss"


def plot(run: Path, out: Path) -> str:
    """Write the picture; raises RequestError if the run has logged nothing yet."""
    log, validation = _read(run / "log.jsonl"), _read(run / "validation.jsonl")
    if not log or not validation:
        raise RequestError(f"The run {run} has no log yet; train it first.")
    batch = validation[-1]["crops"] / validation[-1]["step"]
    series: Series = {"training": [(entry["step"] * batch, entry["loss"]) for entry in log]}
    for name in [key for key in validation[-1] if key not in ("step", "crops")]:
        series[f"held out, {name}"] = [(entry["crops"], entry[name]) for entry in validation if name in entry]
    parts = [
        _chart(
            series,
            f"{run.name}: {_objective(run)}; {log[-1]['hours']:.1f} hours, "
            f"{validation[-1]['crops']:,.0f} crops",
        )
    ]
    samples = sorted((run / "samples").glob("*.png"))
    if samples:
        with Image.open(samples[-1]) as grid:
            parts.append(
                grid.convert("RGB").resize(
                    (WIDTH, grid.height * WIDTH // grid.width), Image.Resampling.LANCZOS
                )
            )
    whole = Image.new("RGB", (WIDTH, sum(part.height for part in parts)), "white")
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    out.parent.mkdir(parents=True, exist_ok=True)
    whole.save(out)
    return f"{out}: {log[-1]['step']} steps"
