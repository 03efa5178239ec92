"""The loop of a training run: steps, and now and then a line of the log, a look, and the state on disk."""

from __future__ import annotations

import dataclasses
import signal
import time
from types import FrameType

import torch
from torch import Tensor

from restorer.training.recipe import ENDLESS, FALL
from restorer.training.run import TrainingRun

__all__ = ["run"]


def run(
    trainer: TrainingRun,
    log_every: int = 10,
    save_every: int = 100,
    look_every: int = 200,
    sample_every: int = 400,
    minutes: float | None = None,
) -> bool:
    """Train until the recipe's steps are done (True) or the run is told to stop (False).

    Every number but `minutes` counts steps. minutes: end about then, by the clock, with the rate falling over
    the last `FALL` of them, whatever number of steps the recipe names.
    """
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


def fall_in(trainer: TrainingRun, left: float, speed: float) -> None:
    """Let the learning rate fall from here on, over as many steps as `left` seconds hold at `speed` steps a
    second; the recipe's steps end there."""
    steps = max(1, int(left * speed))
    trainer.recipe = dataclasses.replace(trainer.recipe, steps=trainer.step + steps, decay=steps)
