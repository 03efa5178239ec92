"""Adversarial distillation: teach a trained denoiser to be right in a few evaluations.

A denoiser trained on squared error answers with the mean of all pictures that fit, which is blurred; only
many small steps sharpen it, and grain of the sampler stays. Here the same network goes on training so that
its one answer D(x; sigma) looks like a picture (adversarial diffusion distillation, arXiv 2311.17042):

    L = |D - x| + w_p d(D, x) + sum over critics C of w_C softplus(C(x) - C(D))

with d the perceptual distance of VGG features. One critic looks at the same features, one at pixels
(`restorer.training.critics`); each compares a result with its own original at every place. w_C follows the
gradients of the other terms at the last layer (as VQGAN's, arXiv 2012.09841, equation 7).

A share of the examples is noised to the highest level, where the first evaluation of a chain stands; the
others anywhere below, where the later ones of the `renoise` sampler stand. What those add noise to is not the
original but an answer of the network's own, with its faults; with `simulated` they learn from such states
(DMD2's backward simulation, arXiv 2405.14867, section 4.5), so that a second evaluation mends the first.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer.diffusion.denoiser import ResidualDenoiser
from restorer.errors import RequestError
from restorer.training.critics import GRAIN, FeatureCritic, PixelCritic, lead
from restorer.training.data import Pictures
from restorer.training.degradation.first_order import even_shares
from restorer.training.features import Features, load_features, perceptual
from restorer.training.recipe import Recipe
from restorer.training.run import Compute
from restorer.training.trainer import Examples, Trainer, generator_of

__all__ = ["AdversarialTrainer"]

RISE = 1.5
"""How much a critic's weight may grow from one balance to the next, ten steps on."""
BALANCED = 16
"""Examples of each half of a batch that critics' weights are balanced on."""
LATTICE_WINDOW = 32
"""Side in pixels of the places at which detail is searched for a pattern that repeats with the blocks."""
LEAST_DETAIL = (1 / 127.5) ** 2
"""Mean square of detail of one grey level: in less than that no pattern is seen."""
Critics = dict[str, Callable[..., list[Tensor]]]
"""The critics by name, compiled or not."""


def lattice_share(pictures: Tensor, block: int) -> Tensor:
    """The share of the finest detail's power that repeats with the network's blocks.

    pictures: (B, C, H, W) in [-1, 1], H and W at least LATTICE_WINDOW, the blocks beginning at its corner.
    block: side of a block in pixels, a divisor of LATTICE_WINDOW. Returns (B,), 0 to 1: the mean over windows
    of LATTICE_WINDOW pixels; (block / LATTICE_WINDOW)^2 is what noise has.
    """
    count = LATTICE_WINDOW // block
    grey = pictures.float().mean(dim=1, keepdim=True)
    detail = (grey - functional.avg_pool2d(grey, 5, 1, 2, count_include_pad=False))[:, 0]
    height, width = (side // LATTICE_WINDOW for side in detail.shape[1:])
    detail = detail[:, : height * LATTICE_WINDOW, : width * LATTICE_WINDOW]
    blocks = detail.reshape(len(detail), height, count, block, width, count, block)
    repeats = blocks.mean(dim=(2, 5)).square().mean(dim=(2, 4))
    power = blocks.square().mean(dim=(2, 3, 5, 6))
    return (repeats / (power + LEAST_DETAIL)).mean(dim=(1, 2))


@dataclass(frozen=True, eq=False)
class _Shown:
    """What critics may look at, in a window of the crops: originals, results and inputs, (B, 3, W, W);
    features of the first two; noise for the critic of pixels."""

    window: tuple[Any, ...]
    clean: Tensor
    made: Tensor
    enlarged: Tensor
    real: list[Tensor]
    fake: list[Tensor]
    grain: Tensor

    def detached(self) -> _Shown:
        return dataclasses.replace(self, made=self.made.detach(), fake=[each.detach() for each in self.fake])


class AdversarialTrainer(Trainer):
    """A `Trainer` whose step is that of the module's loss. Starts from another run's averaged weights."""

    def __init__(
        self,
        recipe: Recipe,
        pictures: Pictures,
        folder: Path,
        compute: Compute,
        features: Features | None = None,
    ) -> None:
        super().__init__(recipe, pictures, folder, compute)
        assert recipe.adversarial is not None
        self.how = recipe.adversarial
        if self.how.spread_look and not self.how.spread:
            raise RequestError(
                f"The run {recipe.pack} lets features spread (spread_look) but not answers; set spread too."
            )
        device, compiled = compute.device, compute.compiled
        self.features = (features or load_features()).to(device)
        torch.manual_seed(recipe.seed + 1)
        pulls = {"features": self.how.adversarial, "pixels": self.how.pixel_critic}
        self.pulls = {name: pull for name, pull in pulls.items() if pull > 0}
        width = self.how.critic_width
        self.critics = nn.ModuleDict(
            {name: FeatureCritic() if name == "features" else PixelCritic(width) for name in self.pulls}
        )
        self.critics.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.critic_optimiser = (
            torch.optim.Adam(self.critics.parameters(), self.how.critic_rate, betas=(0.5, 0.99))
            if self.pulls
            else None
        )
        self.answer = torch.compile(self._answer, dynamic=False) if compiled else self._answer
        self.look = torch.compile(self.features) if compiled else self.features
        # On an accelerator their many small steps take the processor longer than the accelerator.
        whole = compiled and device.type == "cuda"
        self.judges = {name: torch.compile(c) if whole else c for name, c in self.critics.items()}
        self.weights = {name: torch.zeros((), device=device) for name in self.pulls}
        self.balanced = False
        self.parts: dict[str, Tensor] = {}  # on the device: a step waits for nothing

    def _answer(self, x: Tensor, sigma: Tensor, enlarged: Tensor, s: Tensor, told: Tensor) -> Tensor:
        return self.denoiser(x, sigma, enlarged, s, told).clean  # type: ignore[no-any-return]

    def state(self) -> dict[str, Any]:
        return super().state() | {
            "critics": self.critics.state_dict(),
            "critic_optimiser": self.critic_optimiser.state_dict() if self.critic_optimiser else None,
            "weights": {name: float(value) for name, value in self.weights.items()},
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._take_critics(state)
        if self.critic_optimiser:
            self.critic_optimiser.load_state_dict(state["critic_optimiser"])
            for group in self.critic_optimiser.param_groups:
                group["lr"] = self.how.critic_rate  # the recipe's, though it was another

    def _take_critics(self, state: dict[str, Any]) -> None:
        self.critics.load_state_dict(state["critics"])
        for name, value in state["weights"].items():
            self.weights[name].fill_(value)
        self.balanced = any(state["weights"].values())

    def start_from(self, run: Path, pack: Path | None = None) -> None:
        """As a `Trainer`; critics of the same kind are taken along, and need not learn alone."""
        super().start_from(run, pack)
        state = run / "state.pt"
        known = torch.load(state, map_location=self.device, weights_only=True) if state.exists() else {}
        shapes = {name: value.shape for name, value in self.critics.state_dict().items()}
        if shapes and shapes == {name: value.shape for name, value in known.get("critics", {}).items()}:
            self._take_critics(known)

    # -- one step ------------------------------------------------------------------------------------

    def _sigma(self, count: int, generator: torch.Generator) -> Tensor:
        """The highest level for a share of the examples, ln sigma even below it for the others."""
        share = even_shares(count, generator)
        low, high = math.log(self.how.sigma_min), math.log(self.how.sigma_max)
        below = ((share - self.how.first) / (1 - self.how.first)).clamp(min=0)
        level = torch.where(share < self.how.first, torch.full_like(share, high), low + (high - low) * below)
        return level.exp()

    def draw(self, generator: torch.Generator) -> Examples:
        """The examples of a step; where answers are to spread, each twice."""
        if not self.how.spread:
            return super().draw(generator)
        examples = self.examples(self.crops(self.recipe.batch // 2, generator), generator)
        return Examples(*(torch.cat([each, each]) for each in examples.all()))

    def _levels(self, count: int, generator: torch.Generator) -> Tensor:
        """Noise levels of a step; both of a pair have the same, and where second evaluations are simulated,
        every other example is one."""
        if self.how.simulated:
            low, high = math.log(self.how.sigma_min), math.log(self.how.simulated)
            pairs = 2 if self.how.spread else 1
            below = (low + (high - low) * even_shares(count // pairs, generator)).exp().repeat(pairs)
            below[::2] = self.how.sigma_max
            return below.to(self.device)
        if not self.how.spread:
            return self._sigma(count, generator).to(self.device)
        return self._sigma(count // 2, generator).to(self.device).repeat(2)

    def _begin(self, examples: Examples, noise: Tensor) -> Tensor:
        """What a first evaluation is shown, (B, 3, H, W)."""
        return examples.clean + self.how.sigma_max * noise

    def _states(self, examples: Examples, sigma: Tensor, noise: Tensor, generator: torch.Generator) -> Tensor:
        """What the network is shown, (B, 3, H, W): originals and noise, or for a simulated second evaluation
        its own first answer and noise."""
        wide = sigma[:, None, None, None]
        if not self.how.simulated:
            return examples.clean + wide * noise
        second = Examples(*(each[1::2].contiguous() for each in examples.all()))
        highest = torch.full_like(sigma[1::2], self.how.sigma_max)
        start = second.clean + self.how.sigma_max * self.normal(second.clean.shape, generator)
        with torch.no_grad(), self._autocast():
            first = self.answer(start, highest, second.enlarged, second.s, second.told)
        under = examples.clean.clone()
        under[1::2] = first.float().clamp(-1, 1)
        return under + wide * noise

    def _pixels(self, made: Tensor, clean: Tensor) -> Tensor:
        """|D - x|, less `spread` of what would make it the energy score (Gneiting and Raftery 2007, equation
        21), by which answers to the same input are best when they differ as much as the truth may: a
        network that is told |D - x| alone learns to ignore its noise."""
        off = made - clean
        error = off.abs().mean()
        if self.how.square:
            error = error + self.how.square * off.square().mean()
        if not self.how.spread:
            return error
        one, other = made.chunk(2)
        apart = (one - other).abs().mean()
        self._follow("apart", apart)
        return error - 0.5 * self.how.spread * apart

    def _look(self, fake: list[Tensor], real: list[Tensor]) -> Tensor:
        """The perceptual distance, less `spread_look` of what would leave nothing of it but the distance of
        the mean answer's features: E|f - g|^2 - E|f - f'|^2 / 2 = |E f - g|^2 for answers f, f' to one input.

        Squared distance asks for features that are their own mean, and a pattern in step with the grid of
        the input, the same for every noise, is as near to that as texture comes.
        """
        distance = perceptual(fake, real).mean()
        if not self.how.spread_look:
            return distance
        one, other = zip(*(each.chunk(2) for each in fake), strict=True)
        apart = perceptual(list(one), list(other)).mean()
        self._follow("apart_look", apart)
        return distance - 0.5 * self.how.spread_look * apart

    def train_step(self) -> tuple[Tensor, Tensor]:
        """One step of the network and one of the critics; returns (loss, gradient norm)."""
        recipe, how, generator = self.recipe, self.how, self.generator()
        examples = self.draw(generator)
        sigma = self._levels(len(examples.clean), generator)
        noise = self.normal(examples.clean.shape, generator)
        x = self._states(examples, sigma, noise, generator)
        with self._autocast():
            made = self.answer(x, sigma, examples.enlarged, examples.s, examples.told)
            pixel = self._pixels(made, examples.clean)
        self._follow("pixel", pixel)
        if not self.pulls and how.perceptual == 0:
            return self._descend(how.pixel * pixel)

        grain = GRAIN * self.normal((len(made), 3, how.window, how.window), generator)
        places = self.places()
        top, left = (places.randrange(recipe.crop - how.window + 1) for _ in range(2))
        window = (..., slice(top, top + how.window), slice(left, left + how.window))
        with self._autocast():
            with torch.no_grad():
                real = self.look(examples.clean[window].contiguous())
            fake = self.look(made[window].contiguous())
            look = self._look(fake, real)
            faithful = how.pixel * pixel + how.perceptual * look
            clean, enlarged = examples.clean[window], examples.enlarged[window]
            shown = _Shown(window, clean, made[window], enlarged, real, fake, grain)
            truth = {name: self._judge(self.judges, name, shown, False) for name in self.pulls}
            fool = self._fool(shown, truth, self.judges)
        self._follow("look", look)
        # Critics that were taken along have their weights already.
        alone = bool(self.pulls) and not self.balanced and self.step - self.begun < how.critic_alone
        if self.pulls and not alone and (self.step % 10 == 0 or not self.balanced):
            self._balance(examples, x, sigma, shown, truth)
        loss = faithful if how.lattice == 0 else faithful + how.lattice * self._lattice(made, examples.clean)
        for name, value in fool.items():
            self._follow(f"fool_{name}", value)
            loss = loss + self.weights[name] * value
        if alone:
            self.step += 1
            result = (loss.detach(), torch.zeros(()))
        else:
            result = self._descend(loss)
        self._teach(shown, truth)
        return result

    def _lattice(self, made: Tensor, clean: Tensor) -> Tensor:
        """How much more of the answers' detail repeats with the blocks than of the originals'."""
        block = self.recipe.network.block
        share, natural = lattice_share(made, block), lattice_share(clean, block).detach()
        self._follow("lattice", share.mean())
        self._follow("lattice_natural", natural.mean())
        return functional.relu(share - natural).mean()

    def _descend(self, loss: Tensor) -> tuple[Tensor, Tensor]:
        """One step of the network; returns (loss, gradient norm)."""
        loss.backward()  # type: ignore[no-untyped-call]
        parameters = [p for p in self.denoiser.network.parameters() if p.grad is not None]
        norm = nn.utils.clip_grad_norm_(parameters, self.recipe.clip)
        self.update()
        return loss.detach(), norm

    def _teach(self, shown: _Shown, truth: dict[str, list[Tensor]]) -> None:
        """One step of the critics."""
        if self.critic_optimiser is None:
            return
        with self._autocast():
            held = shown.detached()
            doubt = {
                name: lead(truth[name], self._judge(self.judges, name, held, True)) for name in self.pulls
            }
        sum(doubt.values(), torch.zeros((), device=self.device)).backward()  # type: ignore[no-untyped-call]
        self.critic_optimiser.step()
        self.critic_optimiser.zero_grad(set_to_none=True)
        for name, value in doubt.items():
            self._follow(f"critic_{name}", value)
        self.parts |= {f"weight_{name}": value for name, value in self.weights.items()}

    def _follow(self, name: str, value: Tensor) -> None:
        """Keep a running mean for the log."""
        now = value.detach().float()
        self.parts[name] = 0.9 * self.parts.get(name, now) + 0.1 * now

    def _judge(self, critics: Critics, name: str, shown: _Shown, made: bool) -> list[Tensor]:
        """What a critic says of the originals or of what was made."""
        if name == "features":
            return critics[name](shown.fake if made else shown.real)
        return critics[name]((shown.made if made else shown.clean) + shown.grain, shown.enlarged)

    def _fool(self, shown: _Shown, truth: dict[str, list[Tensor]], critics: Critics) -> dict[str, Tensor]:
        """Loss of the network against each critic; gradients reach the picture, not the critics."""
        self.critics.requires_grad_(False)
        fool = {
            name: lead(self._judge(critics, name, shown, True), [each.detach() for each in truth[name]])
            for name in self.pulls
        }
        self.critics.requires_grad_(True)
        return fool

    def _balance(
        self, examples: Examples, x: Tensor, sigma: Tensor, before: _Shown, truth: dict[str, list[Tensor]]
    ) -> None:
        """Set each critic's weight so that its pull on the last layer is that many times the other terms'.

        Not on the picture: there, a critic's gradient points one way over many pixels where that of |D - x|
        is as random as the detail, and with equal norms the weights hear ten times as much from the critic.

        Never through the compiled graph: the second backward pass through one that is retained comes out
        wrong on the processor (torch 2.13, measured: an eighth of the norm, cosine 0.24).
        """
        network = self.denoiser.network
        last = network.get_parameter("leave.weight")
        network.requires_grad_(False)
        last.requires_grad_(True)
        # Evenly over the enlargements, which lie in the batch one after the other; both of a pair, if any.
        half = len(x) // 2
        part = torch.linspace(0, half - 1, min(half, BALANCED), device=self.device).long()
        part = torch.cat([part, part + half])
        with self._autocast():
            made = self._answer(
                x[part], sigma[part], examples.enlarged[part], examples.s[part], examples.told[part]
            )
            network.requires_grad_(True)
            fake = self.features(made[before.window])
            shown = dataclasses.replace(
                before,
                made=made[before.window],
                enlarged=before.enlarged[part],
                fake=fake,
                grain=before.grain[part],
            )
            real = [each[part] for each in before.real]
            pixel = self._pixels(made, examples.clean[part])
            faithful = self.how.pixel * pixel + self.how.perceptual * self._look(fake, real)
            said = {name: [each[part] for each in maps] for name, maps in truth.items()}
            fools = self._fool(shown, said, dict(self.critics.items()))
        (other,) = torch.autograd.grad(faithful, last, retain_graph=True)
        for name, fool in fools.items():
            (own,) = torch.autograd.grad(fool, last, retain_graph=True)
            ratio = (other.norm() / own.norm().clamp(min=1e-9) * self.pulls[name]).clamp(max=100.0)
            known = self.weights[name]
            # Up slowly, and never far above the newest: a critic that has lost its bearings has a small
            # gradient, and a weight that had followed it tore the network apart within 20 steps of its
            # finding them again.
            mean = torch.minimum(0.7 * known + 0.3 * ratio, torch.minimum(RISE * known, 4 * ratio))
            self.weights[name] = torch.where(known == 0.0, ratio, mean)
        self.balanced = True

    # -- looking at it -------------------------------------------------------------------------------

    def log_parts(self) -> dict[str, float]:
        return {name: float(value) for name, value in self.parts.items()}

    @torch.inference_mode()
    def validate(self) -> None:
        """PSNR and perceptual distance of one evaluation from the highest level, clean and worn apart."""
        generator = generator_of(991, 0)
        clean = self.crops(len(self.held), generator, held=True)
        entry: dict[str, float] = {}
        for kind, change in self.kinds().items():
            fixed = self.examples(clean, generator_of(991, 1), change, 4)
            noise = torch.randn(fixed.clean.shape, generator=generator_of(991, 2)).to(self.device)
            for decay, network in self.averages.items():
                judge = ResidualDenoiser(network, self.recipe.sigma_data)
                psnr, look, lattice = [], [], []
                for part in range(0, len(clean), self.recipe.batch):
                    each = Examples(*(value[part : part + self.recipe.batch] for value in fixed.all()))
                    level = torch.full((len(each.s),), self.how.sigma_max, device=self.device)
                    x = self._begin(each, noise[part : part + self.recipe.batch])
                    made = judge(x, level, each.enlarged, each.s, each.told).clean.clamp(-1, 1)
                    error = ((made - each.clean) / 2).square().mean(dim=(1, 2, 3))
                    psnr.append(-10 * error.clamp(min=1e-10).log10())
                    look.append(perceptual(self.features(made), self.features(each.clean)))
                    lattice.append(lattice_share(made, self.recipe.network.block))
                entry[f"{kind}_psnr_{decay}"] = float(torch.cat(psnr).mean())
                entry[f"{kind}_look_{decay}"] = float(torch.cat(look).mean())
                if self.how.lattice:
                    entry[f"{kind}_lattice_{decay}"] = float(torch.cat(lattice).mean())
        self.write("validation.jsonl", step=self.step, crops=self.step * self.recipe.batch, **entry)
