"""Pictures of a class, as the engine's thread makes them for the window.

In: a `PaintJob`. Out: letters with what all pictures look like now, reports of phases and notices, and in the
end `Painted`; nothing in the end where the person cancelled. QImages are made here, so that the window only
draws them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from restorer.estimates import Meter
from restorer.events import Generated, Notice, Phase, Progress, Sheet
from ui.engine_words import engine_words
from ui.environment import drop_opencv_qt_settings
from ui.mailbox import Letter, LiveSheet
from ui.pulling import wait
from ui.pyramid import photo_pyramid, rgb32
from ui.reports import Painted, PaintJob, Report


def paintings(job: PaintJob) -> Iterator[Letter | Report | Painted]:
    """Pull the run; leaving the `closing` block closes it, which is how the engine learns of a cancel."""
    from restorer import generating

    drop_opencv_qt_settings()
    paused, meter = 0.0, Meter()
    if job.cancelled.is_set():
        return
    with closing(generating.generate(job.request)) as events:  # type: ignore[type-var]
        for event in events:
            paused += wait(job)
            if job.cancelled.is_set():
                return
            match event:
                case Generated():
                    made = replace(event, seconds=max(0.0, event.seconds - paused))
                    peak = meter.peak()
                    yield Painted(job.key, made, tuple(photo_pyramid(photo) for photo in made.photos), peak)
                case Phase():
                    yield Report(job.key, event.message, event.name)
                case Notice():
                    yield Report(job.key, engine_words(event.message))
                case Progress():
                    yield Letter(job.key, progress=event)
                case Sheet():
                    yield Letter(job.key, sheet=live_sheet(event))


def live_sheet(sheet: Sheet) -> LiveSheet:
    """The event as the window shows it."""
    images = tuple(rgb32(picture) for picture in sheet.pictures)
    return LiveSheet(images, sheet.side, sheet.last, sheet.stage, sheet.stages, sheet.step, sheet.steps)
