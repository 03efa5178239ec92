"""The mailbox between two threads holds the newest message only."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtGui import QImage

from restorer.pipeline.events import Progress
from ui.workers.latest_value import LatestValue
from ui.workers.messages import ProgressMessage


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def frame(value: int) -> QImage:
    image = QImage(1024, 1024, QImage.Format.Format_RGB32)
    image.fill(value)
    return image


def test_mailbox_keeps_only_the_newest_of_a_flood() -> None:
    mailbox = LatestValue()
    pokes = []
    before = resident_bytes()

    def flood() -> None:
        pokes.extend(mailbox.post(ProgressMessage(1, image=frame(n))) for n in range(500))

    thread = threading.Thread(target=flood)
    thread.start()
    thread.join()
    assert pokes == [True] + [False] * 499
    assert resident_bytes() - before < 60_000_000, "500 frames of 4 MB each would be 2 GB"
    letter = mailbox.take()
    assert letter is not None
    assert letter.sequence == 500
    assert letter.image.pixel(0, 0) & 0xFFFFFF == 499
    assert mailbox.take() is None
    assert mailbox.post(ProgressMessage(1)), "after taking, the next letter needs a poke again"


def test_progress_does_not_push_an_unseen_picture_out() -> None:
    mailbox = LatestValue()
    mailbox.post(ProgressMessage(1, image=frame(7), size=(9, 9)))
    mailbox.post(ProgressMessage(1, progress=Progress(1, 2, 1, 1, 0.5, None)))
    letter = mailbox.take()
    assert letter is not None
    assert letter.image is not None
    assert letter.progress is not None
    mailbox.post(ProgressMessage(1, image=frame(7)))
    mailbox.post(ProgressMessage(2))
    letter = mailbox.take()
    assert letter is not None
    assert letter.image is None, "pictures of another run are not mixed in"
