"""Adversarial distillation: teach a trained denoiser to be right in a few evaluations.

A denoiser trained on squared error answers with the mean of all pictures that fit, which is blurred; only
many small steps sharpen it, and grain of the sampler stays. Here the same network goes on training so that
its one answer D(x; sigma) looks like a picture (adversarial diffusion distillation, arXiv 2311.17042):

    L = |D - x| + w_p d(D, x) + w_a softplus(C(x) - C(D))

with d the perceptual distance of VGG features and C a critic: small heads on the same frozen features, as
projected GANs have (arXiv 2111.01007), that compare a result with its own original at every place
(relativistic pairing, arXiv 1807.00734). w_a follows the gradients of the other terms at the picture
(as VQGAN's, arXiv 2012.09841, equation 7).

Half of the examples are noised to the highest level, where the first evaluation of a chain stands; the
others anywhere below, where the later ones of the `renoise` sampler stand.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from restorer.diffusion.denoiser import ResidualDenoiser
from restorer.kernels import Conv2d
from restorer.training.data import Pictures, crops
from restorer.training.features import Features, load_features, perceptual
from restorer.training.recipe import Recipe
from restorer.training.trainer import Examples, Trainer, generator_of

__all__ = ["AdversarialTrainer", "Critic"]


class Critic(nn.Module):
    """Heads on maps of `Features` (unit vectors, so no head lives on the sheer size of values).

    forward gives, for each map, how real every place looks: (B, 1, h, w).
    """

    def __init__(
        self, channels: tuple[int, ...] = (64, 128, 256, 512), widths: tuple[int, ...] = (24, 48, 64, 64)
    ) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.Sequential(
                spectral_norm(Conv2d(inside, width, 1)),
                nn.LeakyReLU(0.2),
                spectral_norm(Conv2d(width, width, 3, padding=1)),
                nn.LeakyReLU(0.2),
                spectral_norm(Conv2d(width, 1, 3, padding=1)),
            )
            for inside, width in zip(channels, widths, strict=True)
        )

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        return [head(each * math.sqrt(each.shape[1])) for head, each in zip(self.heads, maps, strict=True)]


def _lead(first: list[Tensor], second: list[Tensor]) -> Tensor:
    """softplus of how far `second` leads `first`: mean over the batch, the places and the heads."""
    gaps = [functional.softplus(b - a).mean() for a, b in zip(first, second, strict=True)]
    return torch.stack(gaps).mean()


class AdversarialTrainer(Trainer):
    """A `Trainer` whose step is that of the module's loss. Starts from another run's averaged weights."""

    def __init__(
        self,
        recipe: Recipe,
        pictures: Pictures,
        folder: Path,
        device: torch.device,
        compiled: bool,
        fast: bool,
        features: Features | None = None,
    ) -> None:
        super().__init__(recipe, pictures, folder, device, compiled, fast)
        assert recipe.adversarial is not None
        self.how = recipe.adversarial
        self.features = (features or load_features()).to(device)
        torch.manual_seed(recipe.seed + 1)
        self.critic = Critic().to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.critic_optimiser = torch.optim.Adam(
            self.critic.parameters(), self.how.critic_rate, betas=(0.5, 0.99)
        )
        self.answer = torch.compile(self._answer) if compiled else self._answer
        self.look = torch.compile(self.features) if compiled else self.features
        self.weight = 0.0
        self.parts: dict[str, float] = {}

    def _answer(self, x: Tensor, sigma: Tensor, enlarged: Tensor, s: Tensor, told: Tensor) -> Tensor:
        return self.denoiser(x, sigma, enlarged, s, told).clean  # type: ignore[no-any-return]

    def state(self) -> dict[str, Any]:
        return super().state() | {
            "critic": self.critic.state_dict(),
            "critic_optimiser": self.critic_optimiser.state_dict(),
            "weight": self.weight,
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.critic.load_state_dict(state["critic"])
        self.critic_optimiser.load_state_dict(state["critic_optimiser"])
        self.weight = state["weight"]

    # -- one step ------------------------------------------------------------------------------------

    def _sigma(self, count: int, generator: torch.Generator) -> Tensor:
        """The highest level for a share of the examples, ln sigma even below it for the others."""
        share = (torch.randperm(count, generator=generator) + torch.rand(count, generator=generator)) / count
        low, high = math.log(self.how.sigma_min), math.log(self.how.sigma_max)
        below = ((share - self.how.first) / (1 - self.how.first)).clamp(min=0)
        level = torch.where(share < self.how.first, torch.full_like(share, high), low + (high - low) * below)
        return level.exp()

    def train_step(self) -> tuple[float, float]:
        """One step of the network and one of the critic; returns (loss, gradient norm)."""
        recipe, how, generator = self.recipe, self.how, generator_of(self.recipe.seed, self.step)
        examples = self.examples(crops(self.training, recipe.batch, recipe.crop, generator), generator)
        sigma = self._sigma(recipe.batch, generator).to(self.device)
        noise = torch.randn(examples.clean.shape, generator=generator).to(self.device)
        corner = torch.randint(recipe.crop - how.window + 1, (2,), generator=generator).tolist()
        window = (..., slice(corner[0], corner[0] + how.window), slice(corner[1], corner[1] + how.window))

        with self._autocast():
            x = examples.clean + sigma[:, None, None, None] * noise
            made = self.answer(x, sigma, examples.enlarged, examples.s, examples.told)
            with torch.no_grad():
                real = self.look(examples.clean[window].contiguous())
            fake = self.look(made[window].contiguous())
            pixel = (made - examples.clean).abs().mean()
            look = perceptual(fake, real).mean()
            faithful = how.pixel * pixel + how.perceptual * look
            truth = self.critic(real)
            self.critic.requires_grad_(False)
            fool = _lead(self.critic(fake), [each.detach() for each in truth])
            self.critic.requires_grad_(True)
        if self.step - self.begun < how.critic_alone:
            weight = 0.0
        else:
            if self.step % 10 == 0 or self.weight == 0.0:
                self._balance(made.detach(), examples.clean, real, truth, window)
            weight = self.weight
        (faithful + weight * fool).backward()  # type: ignore[no-untyped-call]
        parameters = [p for p in self.denoiser.network.parameters() if p.grad is not None]
        norm = nn.utils.clip_grad_norm_(parameters, recipe.clip)
        self.update()

        with self._autocast():
            doubt = _lead(truth, self.critic([each.detach() for each in fake]))
        doubt.backward()  # type: ignore[no-untyped-call]
        self.critic_optimiser.step()
        self.critic_optimiser.zero_grad(set_to_none=True)
        for name, value in (("pixel", pixel), ("look", look), ("fool", fool), ("critic", doubt)):
            now = float(value.detach())
            self.parts[name] = 0.9 * self.parts.get(name, now) + 0.1 * now
        self.parts["weight"] = weight
        return float(faithful.detach() + weight * fool.detach()), float(norm)

    def _balance(
        self, made: Tensor, clean: Tensor, real: list[Tensor], truth: list[Tensor], window: tuple[Any, ...]
    ) -> None:
        """Set the critic's weight so that its pull on the picture is `adversarial` times the other terms'.

        Never through the compiled graph: the second backward pass through one that is retained comes out
        wrong on the processor (torch 2.13, measured: an eighth of the norm, cosine 0.24).
        """
        made = made.requires_grad_(True)
        fake = self.features(made[window])
        pixel = (made - clean).abs().mean()
        faithful = self.how.pixel * pixel + self.how.perceptual * perceptual(fake, real).mean()
        self.critic.requires_grad_(False)
        fool = _lead(self.critic(fake), [each.detach() for each in truth])
        self.critic.requires_grad_(True)
        (one,) = torch.autograd.grad(faithful, made, retain_graph=True)
        (two,) = torch.autograd.grad(fool, made)
        ratio = float(one.norm() / two.norm().clamp(min=1e-9)) * self.how.adversarial
        self.weight = min(ratio, 100.0) if self.weight == 0.0 else 0.7 * self.weight + 0.3 * min(ratio, 100.0)

    # -- looking at it -------------------------------------------------------------------------------

    def log_parts(self) -> dict[str, float]:
        return self.parts

    @torch.inference_mode()
    def validate(self) -> None:
        """PSNR and perceptual distance of one evaluation from the highest level, clean and worn apart."""
        generator = generator_of(991, 0)
        clean = crops(self.held, len(self.held), self.recipe.crop, generator)
        entry: dict[str, float] = {}
        for kind, change in self.kinds().items():
            fixed = self.examples(clean, generator_of(991, 1), change, 4)
            noise = torch.randn(clean.shape, generator=generator_of(991, 2)).to(self.device)
            for decay, network in self.averages.items():
                judge = ResidualDenoiser(network, self.recipe.sigma_data)
                psnr, look = [], []
                for part in range(0, len(clean), self.recipe.batch):
                    each = Examples(*(value[part : part + self.recipe.batch] for value in fixed.all()))
                    level = torch.full((len(each.s),), self.how.sigma_max, device=self.device)
                    x = each.clean + self.how.sigma_max * noise[part : part + self.recipe.batch]
                    made = judge(x, level, each.enlarged, each.s, each.told).clean.clamp(-1, 1)
                    error = ((made - each.clean) / 2).square().mean(dim=(1, 2, 3))
                    psnr.append(-10 * error.clamp(min=1e-10).log10())
                    look.append(perceptual(self.features(made), self.features(each.clean)))
                entry[f"{kind}_psnr_{decay}"] = float(torch.cat(psnr).mean())
                entry[f"{kind}_look_{decay}"] = float(torch.cat(look).mean())
        self._write("validation.jsonl", step=self.step, crops=self.step * self.recipe.batch, **entry)
