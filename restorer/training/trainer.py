"""What a training run of the photo networks has and does in a step; `restorer.training.loop` runs it.

In: a `Recipe`, pictures, a folder for the run. Out, in that folder:

    log.jsonl          a line every few steps: loss, rate, crops a second, norm of the gradient
    validation.jsonl   the EDM-weighted loss of the averaged weights on fixed crops with fixed noise,
                       apart for clean and worn photos
    samples/*.png      held-out crops restored with the averaged weights: input, result, truth
    state.pt           all that the run needs to go on: weights, averages, both optimisers, step
    stable.pt          the same just before the learning rate falls, to lengthen the run later
    weights.safetensors  averaged weights alone, what `export` makes a pack of

Steps are pure functions of (seed, step), and the state is replaced atomically, so a run killed at any
moment goes on as if nothing had happened. SIGTERM and Ctrl+C save first.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import os
import random
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn

from restorer.diffusion.conditioning import enlarge
from restorer.diffusion.nn.unet import UNet
from restorer.errors import RequestError
from restorer.kernels import gradients as _gradients  # noqa: F401  lets the quick convolutions be trained
from restorer.training.data import Pictures, crops, split
from restorer.training.degradation.damage_overlays import CoatBank
from restorer.training.degradation.first_order import Coats, Degradation, degrade, reduce_bicubic
from restorer.training.init_weights import from_pack, from_run
from restorer.training.muon import Muon
from restorer.training.objectives import denoiser_of, levels_of, restored
from restorer.training.recipe import ENDLESS, Recipe

__all__ = ["Examples", "Trainer"]


def generator_of(seed: int, step: int, device: torch.device | str = "cpu") -> torch.Generator:
    """The randomness of one step, the same after every restart. Steps on an accelerator draw there: the noise
    of a large batch would take the processor longer than the step takes."""
    return torch.Generator(device).manual_seed((seed * 1_000_003 + step) * 2 + 1)


@dataclasses.dataclass(frozen=True, eq=False)
class Examples:
    """What a step learns from: clean and enlarged (B, 3, H, W), s (B,), told (B, 3)."""

    clean: Tensor
    enlarged: Tensor
    s: Tensor
    told: Tensor

    def all(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.clean, self.enlarged, self.s, self.told

    def to(self, device: torch.device) -> Examples:
        """The same on a device."""
        return Examples(*(part.to(device) for part in self.all()))


@dataclasses.dataclass(frozen=True, eq=False)
class FixedBatch:
    """Validation examples with their noise and noise levels, drawn once from a fixed seed."""

    examples: Examples
    noise: Tensor
    sigma: Tensor


class Trainer:
    """Owns the network, its averages, the optimisers and the step counter of one run."""

    def __init__(
        self,
        recipe: Recipe,
        pictures: Pictures,
        folder: Path,
        device: torch.device,
        compiled: bool,
        fast: bool,
    ) -> None:
        self.recipe, self.folder, self.device = recipe, folder, device
        self.training, self.held = split(pictures, min(recipe.held, len(pictures) // 10 + 1))
        self.training, self.held = self.training.to(device), self.held.to(device)
        torch.manual_seed(recipe.seed)
        network = UNet(recipe.network).to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.denoiser = denoiser_of(recipe, network)
        self.averages = {decay: copy.deepcopy(network).requires_grad_(False) for decay in recipe.ema}
        hidden = [p for name, p in network.named_parameters() if p.ndim == 4 and name not in EDGES]
        chosen = {id(p) for p in hidden}
        rest = [p for p in network.parameters() if id(p) not in chosen]
        half = torch.bfloat16 if device.type == "cuda" else torch.float32
        self.optimisers: list[torch.optim.Optimizer] = [
            Muon(hidden, recipe.rate, weight_decay=recipe.weight_decay, dtype=half),
            torch.optim.AdamW(rest, recipe.rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay),
        ]
        self.bfloat16 = fast
        self.loss = torch.compile(self.denoiser.loss) if compiled else self.denoiser.loss
        self.step, self.seconds = 0, 0.0
        self.begun = 0  # the step at which the optimisers knew nothing
        self.before: dict[str, float] = {}
        self.stop = False
        # Its own type says where a step draws: an index ("cuda:0") is lost in a generator's device.
        self.drawing = torch.device(device.type) if device.type == "cuda" else torch.device("cpu")
        self.coats: Coats | None = None
        if device.type != "cpu" and recipe.degradation.damaged and recipe.cascade is None:
            scales = recipe.scales or (recipe.scale,)
            self.coats = CoatBank(recipe.crop, scales, device, BANK, recipe.seed)
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
            "network": self.denoiser.network.state_dict(),
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
        self.denoiser.network.load_state_dict(state["network"])
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
        start.give(self.denoiser.network, *self.averages.values())
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
        start.give(self.denoiser.network, *self.averages.values())
        self.before = {"crops": start.crops, "hours": start.hours}

    def write(self, name: str, **entry: float | int) -> None:
        """Add a line to one of the run's files and show it."""
        line = json.dumps({key: round(v, 6) if isinstance(v, float) else v for key, v in entry.items()})
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(name.removesuffix(".jsonl"), line, flush=True)

    # -- one step ------------------------------------------------------------------------------------

    def examples(
        self,
        clean: Tensor,
        generator: torch.Generator,
        how: Degradation | None = None,
        scale: int | None = None,
    ) -> Examples:
        """Degrade crops, each equal part of the batch for one of the recipe's enlargements (or all for
        `scale`)."""
        scales = (scale,) if scale else self.recipe.scales or (self.recipe.scale,)
        size, begin = len(clean) // len(scales), 0
        if size == 0:
            raise RequestError(
                f"A batch of {len(clean)} crops is too small for the enlargements {scales}; make it larger."
            )
        parts = []
        groups = [(each, len(list(same))) for each, same in itertools.groupby(scales)]
        for number, (each, share) in enumerate(groups, start=1):
            end = begin + size * share
            here = clean[begin : end if number < len(groups) else None]
            begin = end
            kind = how or self.recipe.degradation
            if each == 1 and how is None:
                kind = dataclasses.replace(kind, worn=max(kind.worn, 0.9))  # else there is nothing to do
            coats = self.coats if how is None else None  # validation is the same on every device
            parts.append(self._degraded(here, each, kind, generator, coats))
        return Examples(*(torch.cat(values) for values in zip(*(p.all() for p in parts), strict=True)))

    def _degraded(
        self, clean: Tensor, scale: int, kind: Degradation, generator: torch.Generator, coats: Coats | None
    ) -> Examples:
        """Examples of crops that all have one enlargement."""
        pair = degrade(clean, scale, kind, generator, coats)
        return Examples(pair.clean, enlarge(pair.low, scale), pair.s, pair.told)

    def crops(self, count: int, generator: torch.Generator, held: bool = False) -> Tensor:
        """`count` crops of the training pictures, or of the held-out ones, that `examples` degrades."""
        return crops(self.held if held else self.training, count, self.recipe.crop, generator)

    def draw(self, generator: torch.Generator) -> Examples:
        """The examples of a step."""
        return self.examples(self.crops(self.recipe.batch, generator), generator)

    def generator(self) -> torch.Generator:
        """The randomness of the step to come."""
        return generator_of(self.recipe.seed, self.step, self.drawing)

    def places(self) -> random.Random:
        """For numbers of the step to come that the processor needs: an accelerator is not waited for."""
        return random.Random(self.recipe.seed * 1_000_003 + self.step)

    def normal(self, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
        """Standard normal noise on the training's device."""
        return torch.randn(shape, generator=generator, device=generator.device).to(self.device)

    def train_step(self) -> tuple[Tensor, Tensor]:
        """One optimiser step; returns (loss, gradient norm), which need not be computed yet."""
        recipe, generator = self.recipe, self.generator()
        examples = self.draw(generator)
        count = len(examples.clean)
        sigma = levels_of(recipe, count, generator).to(self.device)
        noise = self.normal(examples.clean.shape, generator)
        with self._autocast():
            loss = self.loss(
                examples.clean, noise, sigma, examples.enlarged, examples.s, examples.told
            ).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        parameters = [p for p in self.denoiser.network.parameters() if p.grad is not None]
        norm = nn.utils.clip_grad_norm_(parameters, recipe.clip)
        self.update()
        return loss.detach(), norm

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
            torch._foreach_lerp_(
                list(average.parameters()), list(self.denoiser.network.parameters()), 1 - keep
            )

    # -- looking at it -------------------------------------------------------------------------------

    def kinds(self) -> dict[str, Any]:
        """What validation is told apart by: names, and what `fixed_examples` makes examples of."""
        how = self.recipe.degradation
        return {
            "clean": dataclasses.replace(how, worn=0.0, augmented=0.0, grey=0.0),
            "worn": dataclasses.replace(how, worn=1.0, augmented=0.0),
        }

    def fixed_examples(self, how: Any, generator: torch.Generator) -> Examples:
        """The held-out examples of a kind."""
        clean = self.crops(len(self.held), generator, held=True)
        return self.examples(clean, generator, how, self.recipe.scale)

    def _fixed(self, how: Any) -> FixedBatch:
        generator = generator_of(991, 0)
        examples = self.fixed_examples(how, generator)
        shape = examples.clean.shape
        sigma = levels_of(self.recipe, shape[0], generator)
        return FixedBatch(
            examples, torch.randn(shape, generator=generator).to(self.device), sigma.to(self.device)
        )

    @torch.inference_mode()
    def validate(self) -> None:
        """Weighted loss of every average on the held-out crops, clean and worn apart."""
        kinds = self.kinds()
        entry: dict[str, float] = {}
        for decay, network in self.averages.items():
            judge = denoiser_of(self.recipe, network)
            for kind, change in kinds.items():
                fixed, losses = self._fixed(change), []
                for part in range(0, len(fixed.sigma), self.recipe.batch):
                    here = slice(part, part + self.recipe.batch)
                    with self._autocast():
                        losses.append(
                            judge.loss(
                                fixed.examples.clean[here],
                                fixed.noise[here],
                                fixed.sigma[here],
                                fixed.examples.enlarged[here],
                                fixed.examples.s[here],
                                fixed.examples.told[here],
                            )
                        )
                entry[f"{kind}_{decay}"] = float(torch.cat(losses).mean())
        self.write("validation.jsonl", step=self.step, crops=self.step * self.recipe.batch, **entry)

    @torch.inference_mode()
    def sample(self, count: int = 8, steps: int = 8) -> None:
        """Restore the middle of a few held-out pictures and lay input, result and truth side by side."""
        clean = self.held.pixels[:count].float() / 127.5 - 1
        large, result = self.attempt(clean, steps)
        error = ((result.clamp(-1, 1) - clean) / 2).square().mean(dim=(1, 2, 3))
        self.write("samples.jsonl", step=self.step, psnr=float((-10 * error.log10()).mean()))
        rows = torch.cat([torch.cat(list(part), dim=2) for part in (large, result, clean)], dim=1)
        picture = ((rows.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()
        Image.fromarray(picture).save(self.folder / "samples" / f"{self.step:07d}.png")

    def attempt(self, clean: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, H, W) as the network is shown them, and what it makes of them in `steps`."""
        scale = self.recipe.scale
        large = enlarge(reduce_bicubic(clean, scale), scale)

        def noise(step: int) -> Tensor:
            return self.normal(tuple(large.shape), generator_of(992, step))

        return large, restored(self.recipe, self.averages[self.recipe.ema[0]], large, noise, steps)

    def log_parts(self) -> dict[str, float]:
        """More figures for the log, by name."""
        return {}


BANK = 512
"""Coats of damage kept on an accelerator for each enlargement."""

EDGES = frozenset({"enter.weight", "leave.weight"})
"""First and last convolution: not hidden layers, so AdamW trains them (Jordan 2024)."""
