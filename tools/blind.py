"""A page for blind looking: ours and another network's result of real scans, side by side, at 100 %.

    python tools/blind.py FOLDER -o blind.html                       Balanced against Real-ESRGAN x4plus
    python tools/blind.py FOLDER -o blind.html --ours best --peer bicubic

In: a folder of scans. Out: one HTML file that needs nothing else. It shows the pairs in random order and on
random sides, with the scan between them, and counts the choices; only at the end does it say who was who.
Keys: left and right arrow choose, down says that neither is better, 0 shows or hides the scan.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from restorer.errors import RestorerError
from restorer.evaluation.data import SUFFIXES, Case, enlarge, read_picture
from restorer.evaluation.methods import build
from restorer.pipeline.request import RestoreRequest

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Which is better?</title>
<style>
 body { margin: 0; font: 16px/1.5 sans-serif; background: #222; color: #ddd; text-align: center }
 main { display: flex; justify-content: center; gap: 8px; flex-wrap: wrap }
 img { display: block; cursor: pointer } img:hover { outline: 3px solid #7af }
 button { font: inherit; margin: 8px } td, th { padding: 2px 12px; text-align: left } table { margin: auto }
</style>
<p id="head"></p><main id="pair"></main>
<p><button id="none">No difference (down arrow)</button><button id="scan">Scan (0)</button></p>
<script>
const cases = @CASES@, names = @NAMES@, chosen = []
let at = 0, shows = true
const $ = id => document.getElementById(id)
function picture(source, choice) {
  const image = new Image()
  image.src = source
  if (choice !== null) image.onclick = () => choose(choice)
  return image
}
function show() {
  if (at === cases.length) return finish()
  const one = cases[at]
  $("head").textContent = `${at + 1} of ${cases.length}: which would you keep? (left or right arrow)`
  const parts = [picture(one.pair[0], 0), picture(one.pair[1], 1)]
  if (shows) parts.splice(1, 0, picture(one.scan, null))
  $("pair").replaceChildren(...parts)
}
function choose(side) { chosen.push(side === null ? null : cases[at].who[side]); at += 1; show() }
function finish() {
  const count = who => chosen.filter(each => each === who).length
  $("head").textContent = `${names[0]}: ${count(0)}, ${names[1]}: ${count(1)}, no difference: ${count(null)}`
  const table = document.createElement("table")
  cases.forEach((one, index) => {
    const row = table.insertRow()
    row.insertCell().textContent = one.name
    row.insertCell().textContent = chosen[index] === null ? "no difference" : names[chosen[index]]
  })
  $("pair").replaceChildren(table)
  $("none").remove(); $("scan").remove()
}
function flip() { shows = !shows; show() }
$("none").onclick = () => choose(null)
$("scan").onclick = flip
document.onkeydown = event => {
  if (at === cases.length) return
  const sides = { ArrowLeft: 0, ArrowRight: 1, ArrowDown: null }
  if (event.key in sides) { event.preventDefault(); choose(sides[event.key]) }
  else if (event.key === "0") flip()
}
show()
</script></html>
"""


def crops(height: int, width: int, side: int, low: np.ndarray, count: int) -> list[tuple[int, int, int, int]]:
    """Up to `count` boxes (left, top, right, bottom) of the scan, apart, where there is most detail."""
    side_high, side_wide = min(side, height), min(side, width)
    grey = low.astype(np.float32).mean(axis=2)
    boxes: list[tuple[float, int, int]] = []
    for top in range(0, height - side_high + 1, max(1, side_high // 2)):
        for left in range(0, width - side_wide + 1, max(1, side_wide // 2)):
            boxes.append((-float(grey[top : top + side_high, left : left + side_wide].std()), top, left))
    chosen: list[tuple[int, int, int, int]] = []
    for _, top, left in sorted(boxes):
        if all(abs(top - other[1]) >= side_high or abs(left - other[0]) >= side_wide for other in chosen):
            chosen.append((left, top, left + side_wide, top + side_high))
    return chosen[:count]


def as_url(picture: np.ndarray) -> str:
    """A picture (h, w, 3) as a data URL, without loss."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def page(
    folder: Path, ours: str, peer: str, scale: int, side: int, count: int, seed: int, model: str | None
) -> str:
    """The page. Raises RestorerError for scans that cannot be read and for unknown names."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        raise SystemExit(f"The folder {folder} holds no pictures.")
    methods = build([ours, peer], RestoreRequest(Path(), scale=scale, model=model), cache=None)
    draw = random.Random(seed)
    cases = []
    for file in files:
        low = read_picture(file)
        results = [method.restore(Case(folder.name, file.stem, None, low), fresh=False) for method in methods]
        plain = enlarge(low, scale)
        for number, box in enumerate(crops(*low.shape[:2], side, low, count), start=1):
            left, top, right, bottom = (scale * edge for edge in box)
            cut = [result.picture[top:bottom, left:right] for result in results if result is not None]
            who = draw.sample([0, 1], 2)
            cases.append(
                {
                    "name": f"{file.name}, part {number}",
                    "who": who,
                    "pair": [as_url(cut[each]) for each in who],
                    "scan": as_url(plain[top:bottom, left:right]),
                }
            )
        print(f"{file.name}: done", file=sys.stderr, flush=True)
    draw.shuffle(cases)
    names = [method.name for method in methods]
    return PAGE.replace("@CASES@", _for_script(cases)).replace("@NAMES@", _for_script(names))


def _for_script(value: object) -> str:
    """JSON that cannot end the script it stands in, whatever a file is called."""
    return json.dumps(value).replace("<", "\\u003c")


def main() -> int:
    """Write the page; 0 when it is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of scans")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the HTML file")
    parser.add_argument("--ours", default="balanced", help="preset (default: balanced)")
    parser.add_argument("--model", help="model pack, instead of the one that ships for the scale")
    parser.add_argument("--peer", default="realesrgan-x4plus", help="another network, or bicubic")
    parser.add_argument("--scale", type=int, default=4, help="enlargement (default: 4)")
    parser.add_argument(
        "--side", type=int, default=120, help="side of a part, pixels of the scan (default: 120)"
    )
    parser.add_argument("--parts", type=int, default=2, help="most parts of a scan (default: 2)")
    parser.add_argument("--seed", type=int, default=0, help="decides order and sides")
    args = parser.parse_args()
    try:
        text = page(
            args.folder, args.ours, args.peer, args.scale, args.side, args.parts, args.seed, args.model
        )
    except RestorerError as error:
        print(error, file=sys.stderr)
        return 1
    args.out.write_text(text, encoding="utf-8")
    print(f"{args.out}: open it in a browser")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
