"""Where a run can begin other than at random weights: at another run, or at a shipped pack."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from restorer.errors import RequestError
from restorer.packs.pack import CONFIG, WEIGHTS

__all__ = ["Start", "from_pack", "from_run"]


@dataclass(frozen=True, eq=False)
class Start:
    """Weights to go on from.

    whose: for people. origin: what the run that made them started from, or "". steps: of it. own, crops:
    examples that it saw, and its whole line with it; hours: that the whole line took.
    """

    whose: str
    origin: str
    weights: dict[str, Tensor]
    steps: int
    own: int
    crops: int
    hours: float

    def give(self, *networks: nn.Module) -> None:
        """Load the weights; what they do not know keeps its own. Raises RequestError if they do not fit."""
        for network in networks:
            weights = dict(self.weights)
            wanted = dict(network.named_parameters()).get("tell.weight")
            if wanted is not None and "tell.weight" in weights:
                more = wanted.shape[1] - weights["tell.weight"].shape[1]
                if more > 0:  # what it was not told yet begins without effect
                    weights["tell.weight"] = functional.pad(weights["tell.weight"], (0, more))
            try:
                missing, unknown = network.load_state_dict(weights, strict=False)
            except RuntimeError as error:
                raise RequestError(f"{self.whose} another network; its weights do not fit.") from error
            if unknown or set(missing) - {"tell.weight"}:
                raise RequestError(f"{self.whose} another network; its weights do not fit.")


def from_run(run: Path, device: torch.device) -> Start | None:
    """The longest average of a run, or None where it has no state."""
    path = run / "state.pt"
    if not path.exists():
        return None
    state = torch.load(path, map_location=device, weights_only=True)
    recipe, before = json.loads(state["recipe"]), state.get("before", {})
    own = state["step"] * recipe["batch"]
    return Start(
        f"The run {run} trained",
        recipe.get("start", ""),
        state["averages"][max(state["averages"], key=float)],
        state["step"],
        own,
        before.get("crops", 0) + own,
        before.get("hours", 0.0) + state["seconds"] / 3600,
    )


def from_pack(pack: Path) -> Start | None:
    """A pack as it ships, or None where there is none. Raises RequestError if it cannot be read."""
    if not (pack / CONFIG).exists():
        return None
    try:
        weights = {name: value.float() for name, value in load_file(pack / WEIGHTS).items()}
        history: dict[str, Any] = json.loads((pack / CONFIG).read_text("utf-8"))["training"]
        steps, crops, hours = history["steps"], history["crops"], history["hours"]
        own = steps * history["recipe"]["batch"]
        origin = history["recipe"].get("start", "")
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise RequestError(f"The pack {pack} to go on from cannot be read: {error}.") from error
    return Start(f"The pack {pack} holds", origin, weights, steps, own, crops, hours)
