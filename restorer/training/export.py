"""From a run to a model pack: averaged weights in half precision, config and the facts for the card."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from restorer.diffusion.denoiser import RESIDUAL
from restorer.errors import RequestError
from restorer.packs.loader import hash_of
from restorer.packs.pack import CONFIG, CONFIG_FORMAT, WEIGHTS
from restorer.training.init_weights import from_run

__all__ = ["DEFAULT_PRESETS", "export"]

DEFAULT_PRESETS: dict[str, dict[str, float | int | str]] = {
    "draft": {"steps": 2, "sigma_max": 1.0, "sigma_min": 0.1, "start": 0.8},
    "balanced": {"steps": 6, "sigma_max": 1.5, "sigma_min": 0.01, "start": 0.9},
    "best": {"steps": 16, "sigma_max": 2.0, "sigma_min": 0.01, "start": 0.9},
}


CASCADE_PRESETS: dict[str, dict[str, float | int | str]] = {
    "draft": {"steps": 4, "sigma_max": 1.0, "sigma_min": 0.02},
    "balanced": {"steps": 8, "sigma_max": 2.0, "sigma_min": 0.02},
    "best": {"steps": 16, "sigma_max": 2.0, "sigma_min": 0.02},
}
BASE_PRESETS: dict[str, dict[str, float | int | str]] = {
    "draft": {"steps": 12, "sigma_max": 40.0, "sigma_min": 0.02, "guidance": 2.5},
    "balanced": {"steps": 24, "sigma_max": 40.0, "sigma_min": 0.02, "guidance": 2.5},
    "best": {"steps": 40, "sigma_max": 40.0, "sigma_min": 0.02, "guidance": 2.5},
}


FILLING_PRESETS: dict[str, dict[str, float | int | str]] = {
    "draft": {"steps": 4, "sigma_max": 2.0, "sigma_min": 0.02},
    "balanced": {"steps": 8, "sigma_max": 3.0, "sigma_min": 0.02},
    "best": {"steps": 16, "sigma_max": 3.0, "sigma_min": 0.02},
}
MENDING_PRESETS: dict[str, dict[str, float | int | str]] = {
    name: {"steps": 1, "sigma_max": 4.0, "sampler": "renoise"} for name in ("draft", "balanced", "best")
}


def _photo_stage(recipe: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    scales = set(recipe.get("scales") or [recipe["scale"]])
    if recipe.get("start") == recipe["pack"]:  # it goes on, and knows what it knew
        scales |= set(old.get("scales", []))
    return {
        "kind": "photo-sr",
        "scale": recipe["scale"],
        "scales": sorted(scales),
        "chain_s": old.get("chain_s", 0.0),
        **({"predicts": recipe["predicts"]} if recipe.get("predicts", RESIDUAL) != RESIDUAL else {}),
        **{key: old[key] for key in ("finer", "worn") if key in old},
    }


def _kind_of_stage(recipe: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    if recipe.get("finding"):
        return {"kind": "damage-finder", "scale": 1}
    if recipe.get("holes"):
        return {"kind": "photo-fill", "scale": 1, "predicts": recipe["predicts"]}
    if recipe.get("frames"):
        local = not recipe["network"].get("attention")
        return {**_photo_stage(recipe, old), "kind": "face-sr", "frame": recipe["crop"], "local": local}
    if recipe.get("cascade"):
        return _stage_of_cascade(recipe, old)
    if recipe.get("mending"):
        return {"kind": "photo-repair", "scale": 1, "passes": old.get("passes", 2)}
    return _photo_stage(recipe, old)


def _network_of(recipe: dict[str, Any]) -> dict[str, Any]:
    if recipe.get("finding"):  # it denoises nothing
        return {"network": recipe["finder"]}
    return {"network": recipe["network"], "sigma_data": recipe["sigma_data"]}


def _usual_odds(run: Path, average: str) -> float:
    """The log odds above which a finding network's last validation found a thousandth of undamaged photos.

    They become even odds in the pack, which is where the usual strength cuts: drawn damage is ten times as
    dense as that of photos, so even odds of the run itself find too much. 0 where the run has none."""
    log = run / "validation.jsonl"
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    found = [entry[f"odds_{average}"] for entry in entries if f"odds_{average}" in entry]
    return float(found[-1]) if found else 0.0


def _stage_of_cascade(recipe: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    how, base = recipe["cascade"], not recipe["network"]["conditioned"]
    own = {"kind": "cdm-base", "scale": 1, "cascade": how["follow"], "local": False}
    own["photo_s"] = old.get("photo_s", 0.0)  # found by looking, once trained
    enlarging = {"kind": "cdm-sr", "scale": 2, "s": old.get("s", [0.1] * len(how["sides"]))}
    return {**(own if base else enlarging), "classes": how["classes"], "sides": how["sides"]}


def export(
    run: Path,
    out: Path,
    ema: float | None = None,
    presets: Path | None = None,
    mix: tuple[Path, float] | None = None,
) -> str:
    """Write the pack; an existing config's margin, presets, figures and sources are kept unless `presets`
    is given.

    Weights are stored as float16 (11 bits of precision; checked to be finite and near the float32 ones).
    mix: another run of the same network, and the share of its average in every weight: between a network that
    was trained adversarially and the regression that it began as lie all trades of distortion for perception
    (network interpolation, ESRGAN, arXiv 1809.00219, section 3.4).
    Raises RequestError if a run has no state, or the networks differ.
    """
    state_file = run / "state.pt"
    if not state_file.exists():
        raise RequestError(f"The run {run} has no state.pt; train it first.")
    state = torch.load(state_file, map_location="cpu", weights_only=True)
    recipe: dict[str, Any] = json.loads(state["recipe"])
    before: dict[str, float] = state.get("before", {})
    chosen = str(ema if ema is not None else recipe["ema"][0])
    # Decay 0 averages nothing: the plain weights, which are good once the learning rate has fallen.
    averages = state["averages"] | {"0.0": state["network"]}
    if chosen not in averages:
        raise RequestError(f"The run {run} keeps the averages {', '.join(averages)}, not {chosen}.")
    chosen_weights = {key: value.float() for key, value in averages[chosen].items()}
    mixed: dict[str, Any] = {}
    if mix is not None:
        other = from_run(mix[0], torch.device("cpu"))
        if other is None:
            raise RequestError(f"The run {mix[0]} to mix in has no state.pt; train it first.")
        shapes = [{k: v.shape for k, v in w.items()} for w in (chosen_weights, other.weights)]
        if shapes[0] != shapes[1]:
            raise RequestError(f"The run {mix[0]} to mix in trained another network than {run}.")
        chosen_weights = {k: v.lerp(other.weights[k].float(), mix[1]) for k, v in chosen_weights.items()}
        mixed = {"mixed": {"with": mix[0].name, "share": mix[1]}}
    if recipe.get("finding"):
        chosen_weights["leave.bias"] = chosen_weights["leave.bias"] - _usual_odds(run, chosen)
    weights = {key: value.half().contiguous() for key, value in chosen_weights.items()}
    for key, value in weights.items():
        if not torch.isfinite(value).all():
            raise RequestError(f"The tensor {key} of the run {run} does not fit half precision.")
    out.mkdir(parents=True, exist_ok=True)
    old = json.loads((out / CONFIG).read_text("utf-8")) if (out / CONFIG).exists() else {}
    beside = out / f".{WEIGHTS}.tmp"
    save_file(weights, beside)
    usual = CASCADE_PRESETS if recipe.get("cascade") else DEFAULT_PRESETS
    usual = MENDING_PRESETS if recipe.get("mending") else usual
    usual = {} if recipe.get("finding") else FILLING_PRESETS if recipe.get("holes") else usual
    usual = BASE_PRESETS if not recipe["network"].get("conditioned", True) else usual
    config = {
        "format": CONFIG_FORMAT,
        "name": recipe["pack"],
        **_kind_of_stage(recipe, old),
        **_network_of(recipe),
        "margin": old.get("margin", 64),
        "presets": json.loads(presets.read_text("utf-8")) if presets else old.get("presets", usual),
        "weights": {"sha256": hash_of(beside), "bytes": beside.stat().st_size, "dtype": "float16"},
        "training": {
            "recipe": recipe,
            "steps": state["step"],
            "crops": int(before.get("crops", 0)) + state["step"] * recipe["batch"],
            "hours": round(before.get("hours", 0.0) + state["seconds"] / 3600, 2),
            "average": chosen,
            **mixed,
        },
        "figures": old.get("figures", {}),
        "data": old.get("data", []),
        "licence": old.get("licence", ""),
    }
    beside.chmod(0o644)  # safetensors writes for its owner alone
    os.replace(beside, out / WEIGHTS)
    text = json.dumps(config, indent=1, ensure_ascii=False) + "\n"
    (out / f".{CONFIG}.tmp").write_text(text, "utf-8")
    os.replace(out / f".{CONFIG}.tmp", out / CONFIG)
    return (
        f"{out}: {recipe['pack']} after {state['step']} steps, {config['weights']['bytes'] / 2**20:.1f} MiB"
    )
