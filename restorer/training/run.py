"""What every training run has, whatever its network: weights, averages, optimisers, a step counter, a state
on disk.

In: a `Recipe`, pictures, a folder for the run, a network. Out, in that folder:

    log.jsonl          a line every few steps: loss, rate, crops a second, norm of the gradient
    validation.jsonl   figures of the averaged weights on fixed held-out pictures
    samples/*.png      held-out pictures, and what the averaged weights make of them
    state.pt           all that the run needs to go on: weights, averages, both optimisers, step
    stable.pt          the same just before the learning rate falls, to lengthen the run later
    weights.safetensors  averaged weights alone, what `export` makes a pack of

Steps are pure functions of (seed, step), and the state is replaced atomically, so a run killed at any moment
goes on as if nothing had happened. SIGTERM and Ctrl+C save first. What a step learns from, and how it is
looked at, is the subclasses' business."""

from __future__ import annotations

import copy
import dataclasses
import json
import os
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from restorer.errors import RequestError
from restorer.kernels import gradients as _gradients  # noqa: F401  lets the quick convolutions be trained
from restorer.training.data import Pictures, split
from restorer.training.init_weights import from_pack, from_run
from restorer.training.muon import Muon
from restorer.training.recipe import ENDLESS, Recipe

__all__ = ["Compute", "TrainingRun", "generator_of"]

EDGES = ("enter.weight", "leave.weight")
"""First and last convolutions: not hidden layers, so AdamW trains them (Jordan 2024)."""


def generator_of(seed: int, step: int, device: torch.device | str = "cpu") -> torch.Generator:
    """The randomness of one step, the same after every restart. Steps on an accelerator draw there: the noise
    of a large batch would take the processor longer than the step takes."""
    return torch.Generator(device).manual_seed((seed * 1_000_003 + step) * 2 + 1)


@dataclasses.dataclass(frozen=True)
class Compute:
    """What a run computes on. compiled: its step goes through torch.compile. bfloat16: its forward pass is
    computed in that type."""

    device: torch.device
    compiled: bool = False
    bfloat16: bool = False


class TrainingRun(ABC):
    """Owns the network, its averages, the optimisers and the step counter of one run."""

    drawing = torch.device("cpu")
    """Where the randomness of a step is drawn."""

    def __init__(
        self,
        recipe: Recipe,
        pictures: Pictures,
        folder: Path,
        compute: Compute,
        network: nn.Module,
    ) -> None:
        device = compute.device
        self.recipe, self.folder, self.device, self.network = recipe, folder, device, network
        self.training, self.held = split(pictures, min(recipe.held, len(pictures) // 10 + 1))
        self.training, self.held = self.training.to(device), self.held.to(device)
        self.averages = {decay: copy.deepcopy(network).requires_grad_(False) for decay in recipe.ema}
        hidden = [p for name, p in network.named_parameters() if p.ndim == 4 and not name.endswith(EDGES)]
        chosen = {id(p) for p in hidden}
        rest = [p for p in network.parameters() if id(p) not in chosen]
        half = torch.bfloat16 if device.type == "cuda" else torch.float32
        self.optimisers: list[torch.optim.Optimizer] = [
            Muon(hidden, recipe.rate, weight_decay=recipe.weight_decay, dtype=half),
            torch.optim.AdamW(rest, recipe.rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay),
        ]
        self.bfloat16 = compute.bfloat16
        self.step, self.seconds = 0, 0.0
        self.begun = 0  # the step at which the optimisers knew nothing
        self.before: dict[str, float] = {}
        self.stop = False
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "samples").mkdir(exist_ok=True)

    def _autocast(self) -> AbstractContextManager[Any]:
        return torch.autocast(self.device.type, torch.bfloat16) if self.bfloat16 else nullcontext()

    # -- state ---------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "seconds": self.seconds,
            "begun": self.begun,
            "before": self.before,
            "recipe": json.dumps(dataclasses.asdict(self.recipe)),
            "network": self.network.state_dict(),
            "averages": {str(decay): net.state_dict() for decay, net in self.averages.items()},
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }

    def save(self, name: str = "state.pt") -> None:
        beside = self.folder / f".{name}.tmp"
        with beside.open("wb") as file:
            torch.save(self.state(), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.folder / name)
        longest = self.averages[self.recipe.ema[0]]
        weights = {key: value.contiguous() for key, value in longest.state_dict().items()}
        save_file(weights, self.folder / ".weights.tmp", {"step": str(self.step)})
        os.replace(self.folder / ".weights.tmp", self.folder / "weights.safetensors")

    def resume(self) -> bool:
        """Go on from the saved state; True if there was one. A run whose recipe has grown longer goes on from
        before its learning rate fell."""
        path = self.folder / "state.pt"
        if not path.exists():
            return False
        state = torch.load(path, map_location=self.device, weights_only=True)
        stable = self.folder / "stable.pt"
        saved = json.loads(state["recipe"])
        grown = saved["steps"] < self.recipe.steps
        if grown and state["step"] > saved["steps"] - saved["decay"] and stable.exists():
            state = torch.load(stable, map_location=self.device, weights_only=True)
        self.restore(state)
        if saved["steps"] == ENDLESS:  # stopped before its rate fell, however many steps that took
            steps = max(self.recipe.steps, self.step + self.recipe.decay)
            self.recipe = dataclasses.replace(self.recipe, steps=steps)
        return True

    def restore(self, state: dict[str, Any]) -> None:
        """Take over everything that a saved state holds."""
        self.network.load_state_dict(state["network"])
        for decay, network in self.averages.items():
            network.load_state_dict(state["averages"].get(str(decay), state["network"]))
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        self.step, self.seconds = state["step"], state["seconds"]
        self.begun, self.before = state.get("begun", 0), state.get("before", self.before)

    def go_on_from(self, pack: Path) -> bool:
        """Take the run up again at its shipped pack, where there is no state of it; True if there is one that
        started where the recipe does.

        The optimisers (and a critic) begin anew and are warmed up as at the first step. Raises RequestError
        if the pack is of another network or cannot be read.
        """
        start = from_pack(pack)
        if start is None or start.origin != self.recipe.start:
            return False
        start.give(self.network, *self.averages.values())
        self.step = self.begun = min(start.steps, self.recipe.steps)
        # The pack knows the hours of its whole line only; they are shared out by crops.
        self.seconds = 3600 * start.hours * start.own / max(1, start.crops)
        # By this recipe's batch: it need not be the one that the pack was made with.
        seen = start.crops - self.step * self.recipe.batch
        if seen != 0:
            self.before = {"crops": seen, "hours": start.hours - self.seconds / 3600}
        return True

    def start_from(self, run: Path, pack: Path | None = None) -> None:
        """Begin with the averaged weights of another run, or of its shipped pack where there is no such run;
        what they did not know begins at zero effect."""
        start = from_run(run, self.device) or (from_pack(pack) if pack else None)
        if start is None:
            raise RequestError(f"The run {run} to start from has no state.pt; train it first.")
        start.give(self.network, *self.averages.values())
        self.before = {"crops": start.crops, "hours": start.hours}

    def write(self, name: str, **entry: float | int) -> None:
        """Add a line to one of the run's files and show it."""
        line = json.dumps({key: round(v, 6) if isinstance(v, float) else v for key, v in entry.items()})
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(name.removesuffix(".jsonl"), line, flush=True)

    # -- what a step does ----------------------------------------------------------------------------

    def generator(self) -> torch.Generator:
        """The randomness of the step to come."""
        return generator_of(self.recipe.seed, self.step, self.drawing)

    @abstractmethod
    def train_step(self) -> tuple[Tensor, Tensor]:
        """One optimiser step; returns (loss, gradient norm), which need not be computed yet."""

    def update(self) -> None:
        """Let the optimisers step by the gradients that are there, and the averages follow."""
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self.recipe.rate_at(self.step, self.begun)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.step += 1
        for decay, average in self.averages.items():
            # A young average forgets faster, so that it does not remember the initial weights.
            keep = decay if self.before else min(decay, (self.step + 1) / (self.step + 10))
            torch._foreach_lerp_(list(average.parameters()), list(self.network.parameters()), 1 - keep)

    @abstractmethod
    def validate(self) -> None:
        """Write figures of every average on the held-out pictures."""

    @abstractmethod
    def sample(self) -> None:
        """Write a picture of what the first average makes of a few held-out pictures."""

    def log_parts(self) -> dict[str, float]:
        """More figures for the log, by name."""
        return {}
