"""The training run of the network that finds damage.

In: sharp pictures. A step draws the past and the damage of a few of them
(`restorer.training.damage.examples`), lets the network look at each whole window reduced, and at crops of it
at full size, and compares the odds that it gives with what was drawn. Validation tells, on fixed held-out
windows, how much of the damage is found and how much of what is found is damage, within the tolerance of
`restorer.damage.scores`, and which share of undamaged photos is touched."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from restorer.damage.scores import Agreement, agreement
from restorer.diffusion.nn.damage_unet import DamageUNet
from restorer.errors import RequestError
from restorer.training.damage.examples import Finding, Spoiled, spoiled, weights
from restorer.training.data import Pictures
from restorer.training.recipe import Recipe
from restorer.training.run import Compute, TrainingRun

__all__ = ["FinderTrainer", "loss_of"]

OVERLAP = 0.5
"""Weight of the overlap (dice) beside the cross entropy: damage is few pixels among many."""


def loss_of(odds: Tensor, damaged: Tensor, counts: Tensor) -> Tensor:
    """Cross entropy and lacking overlap of log odds with what is damaged, all (B, 1, H, W); counts: how much
    a pixel counts, 0 where it is doubtful."""
    entropy = functional.binary_cross_entropy_with_logits(odds, damaged, counts)
    share = odds.sigmoid() * counts
    truth = damaged * counts
    overlap = (2 * (share * truth).sum() + 1) / (share.sum() + truth.sum() + 1)
    return entropy + OVERLAP * (1 - overlap)


TOUCHED = 0.001
"""Share of the pixels of undamaged photos that the usual strength may take for damage."""


class FinderTrainer(TrainingRun):
    """A run of the network that finds damage."""

    def __init__(self, recipe: Recipe, pictures: Pictures, folder: Path, compute: Compute) -> None:
        assert recipe.finding is not None
        self.finding: Finding = recipe.finding
        side, stride = recipe.side, recipe.finder.stride
        if side % recipe.finder.multiple or recipe.crop % stride or not 0 < recipe.crop <= side:
            raise RequestError(
                f"The run {recipe.pack} needs pictures whose side is a multiple of {recipe.finder.multiple}, "
                f"and crops whose side is a multiple of {stride} and no larger; {side} and {recipe.crop} "
                "are not."
            )
        if self.finding.windows < 1 or recipe.batch % self.finding.windows:
            raise RequestError(
                f"The run {recipe.pack} cannot share out {recipe.batch} crops among {self.finding.windows} "
                "windows; make the one a multiple of the other."
            )
        torch.manual_seed(recipe.seed)
        network = DamageUNet(recipe.finder).to(compute.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        super().__init__(recipe, pictures, folder, compute, network)
        # Apart: where crops lie is another number every time, and each would be compiled anew.
        self.surroundings = torch.compile(network.surroundings) if compute.compiled else network.surroundings
        self.detail = torch.compile(network) if compute.compiled else network

    # -- one step ------------------------------------------------------------------------------------

    def spoil(self, pictures: Pictures, how: Finding, count: int, seed: list[int]) -> list[Spoiled]:
        """`count` examples; their pictures are chosen, mirrored and turned at random, or taken in order where
        there are no more than `count`."""
        found = []
        for number in range(count):
            random = np.random.default_rng([*seed, number])
            which = number if len(pictures) <= count else int(random.integers(len(pictures)))
            pixels = pictures.pixels[which % len(pictures)].permute(1, 2, 0).cpu().numpy()
            pixels = np.rot90(pixels[:, ::-1] if random.random() < 0.5 else pixels, int(random.integers(4)))
            found.append(spoiled(np.ascontiguousarray(pixels), how, random))
        return found

    def tensors(self, examples: list[Spoiled]) -> tuple[Tensor, Tensor, Tensor]:
        """Photos (B, 3, H, W) in [-1, 1]; damaged, (B, 1, H, W) of 0 and 1; what a pixel counts, as large."""
        photos = torch.from_numpy(np.stack([each.photo for each in examples])).permute(0, 3, 1, 2)
        damaged = torch.from_numpy(np.stack([each.damaged for each in examples]))[:, None]
        counts = torch.from_numpy(
            np.stack([weights(each.damaged, self.finding.even) * ~each.doubtful for each in examples])
        )[:, None]
        shown = (photos.to(self.device).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        return shown, damaged.to(self.device).float(), counts.to(self.device)

    def look(self, windows: Tensor, damaged: Tensor, counts: Tensor, corners: np.ndarray) -> Tensor:
        """The loss of crops of `windows`; corners: (crops, 2) as top and left, those of one window after
        those of another."""
        side, around = self.recipe.crop, self.surroundings(windows)
        reduced = windows.shape[-1] // around.shape[-1]
        each = len(corners) // len(windows)

        def cut(planes: Tensor, step: int) -> Tensor:
            parts = [
                planes[number // each, :, top : top + side // step, left : left + side // step]
                for number, (top, left) in enumerate((corners // step).tolist())
            ]
            return torch.stack(parts).contiguous(memory_format=torch.channels_last)

        odds = self.detail(cut(windows, 1), cut(around, reduced))
        return loss_of(odds.float(), cut(damaged, 1), cut(counts, 1))

    def train_step(self) -> tuple[Tensor, Tensor]:
        """One optimiser step; returns (loss, gradient norm)."""
        recipe, seed = self.recipe, [self.recipe.seed, self.step]
        examples = self.spoil(self.training, self.finding, self.finding.windows, seed)
        stride = recipe.finder.stride
        places = np.random.default_rng([*seed, 10**6])
        corners = stride * places.integers((recipe.side - recipe.crop) // stride + 1, size=(recipe.batch, 2))
        with self._autocast():
            loss = self.look(*self.tensors(examples), corners)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), recipe.clip)
        self.update()
        return loss.detach(), norm

    # -- looking at it -------------------------------------------------------------------------------

    @torch.inference_mode()
    def odds(self, network: nn.Module, photos: Tensor) -> Tensor:
        """Log odds of whole photos (B, 3, H, W), (B, 1, H, W) float32."""
        assert isinstance(network, DamageUNet)
        with self._autocast():
            parts = [network(part, network.surroundings(part)).float() for part in torch.split(photos, 8)]
        return torch.cat(parts)

    def validate(self) -> None:
        """Recall and precision at even odds, the loss, the share of undamaged photos that is touched, and the
        log odds above which TOUCHED of them is."""
        count = len(self.held)
        examples = self.spoil(self.held, dataclasses.replace(self.finding, whole=0.0), count, [991])
        whole = self.spoil(self.held, dataclasses.replace(self.finding, whole=1.0), count, [992])
        photos, damaged, counts = self.tensors(examples)
        undamaged, _, _ = self.tensors(whole)
        entry: dict[str, float] = {}
        for decay, network in self.averages.items():
            odds = self.odds(network, photos)
            total = Agreement(0, 0, 0, 0)
            for example, found in zip(examples, (odds[:, 0] > 0).cpu().numpy(), strict=True):
                total += agreement(found, example.damaged, example.doubtful)
            entry[f"loss_{decay}"] = float(loss_of(odds, damaged, counts))
            entry[f"recall_{decay}"], entry[f"precision_{decay}"] = total.recall, total.precision
            wrong = self.odds(network, undamaged).flatten()
            entry[f"touched_{decay}"] = float((wrong > 0).float().mean())
            most = max(1, round(TOUCHED * wrong.numel()))
            entry[f"odds_{decay}"] = round(float(wrong.topk(most).values[-1]), 4)
        self.write("validation.jsonl", step=self.step, crops=self.step * self.recipe.batch, **entry)

    def sample(self, count: int = 8) -> None:
        """A few held-out windows, what is found on them, and what was drawn, one below the other."""
        examples = self.spoil(self.held, dataclasses.replace(self.finding, whole=0.0), count, [993])
        found = self.odds(self.averages[self.recipe.ema[0]], self.tensors(examples)[0]).sigmoid()
        columns = []
        for example, share in zip(examples, found[:, 0].cpu().numpy(), strict=True):
            planes = [(255 * share).round().astype(np.uint8), example.damaged.astype(np.uint8) * 255]
            columns.append(np.concatenate([example.photo, *(np.repeat(p[..., None], 3, 2) for p in planes)]))
        path = self.folder / "samples" / f"{self.step:07d}.png"
        Image.fromarray(np.concatenate(columns, axis=1)).save(path)
        self.write("samples.jsonl", step=self.step, found=float(found.mean()))
