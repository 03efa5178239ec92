"""The loop of a training run: steps, and now and then a line of the log, a look, and the state on disk."""

from __future__ import annotations

import dataclasses
import signal
import time
from types import FrameType
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from restorer.training.trainer import Trainer

__all__ = ["ENDLESS", "FALL", "run"]

FALL = 0.25
"""Part of a run by the clock over which its learning rate falls."""
ENDLESS = 10**9
"""Steps of a run that ends by the clock, until it is known how many they are."""


def run(
    trainer: Trainer,
    log_every: int,
    save_every: int,
    look_every: int,
    sample_every: int,
    minutes: float | None,
) -> bool:
    """What `Trainer.run` does; every number but `minutes` counts steps."""
    began, falling = time.monotonic(), False
    # Where an accelerator works, the processor's time says nothing.
    clock = time.thread_time if trainer.device.type == "cpu" else time.monotonic
    if minutes:
        trainer.recipe = dataclasses.replace(trainer.recipe, steps=ENDLESS)

    def asked(_signal: int, _frame: FrameType | None) -> None:
        trainer.stop = True

    before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        losses: list[Tensor] = []
        since, worked = time.monotonic(), clock()
        while trainer.step < trainer.recipe.steps and not trainer.stop:
            if trainer.step == trainer.recipe.decay_starts:
                trainer.save("stable.pt")
            loss, norm = trainer.train_step()
            losses.append(loss)
            done = trainer.step >= trainer.recipe.steps
            if trainer.step % log_every == 0 or done:
                mean = float(torch.stack(losses).mean())  # waits until the steps are done
                spent = time.monotonic() - since
                since += spent
                # Processor time: hours in which the run was stopped, or waited, are not training.
                trainer.seconds += clock() - worked
                worked = clock()
                speed = len(losses) / spent
                if minutes and not falling and began + 60 * minutes * (1 - FALL) <= since:
                    falling = True
                    trainer.save("stable.pt")
                    fall_in(trainer, began + 60 * minutes - time.monotonic(), speed)
                trainer.write(
                    "log.jsonl",
                    step=trainer.step,
                    loss=mean,
                    rate=trainer.recipe.rate_at(trainer.step - 1, trainer.begun),
                    norm=float(norm),
                    crops_per_second=speed * trainer.recipe.batch,
                    hours=trainer.seconds / 3600,
                    **trainer.log_parts(),
                )
                losses.clear()
            if trainer.step % look_every == 0 or done:
                trainer.validate()
            if trainer.step % sample_every == 0 or done:
                trainer.sample()
            if trainer.step % save_every == 0:
                trainer.save()
        trainer.save()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return trainer.step >= trainer.recipe.steps


def fall_in(trainer: Trainer, left: float, speed: float) -> None:
    """Let the learning rate fall from here on, over as many steps as `left` seconds hold at `speed` steps a
    second; the recipe's steps end there."""
    steps = max(1, int(left * speed))
    trainer.recipe = dataclasses.replace(trainer.recipe, steps=trainer.step + steps, decay=steps)
