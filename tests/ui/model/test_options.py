"""Options of the panel and preferences become one request."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from restorer import threads
from restorer.preferences import Preferences
from restorer.threads import use_threads
from ui.model.options import RestoreOptions, request_for


def test_a_run_asks_for_what_was_settled(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np
    import torch

    from restorer.photo import Photo

    photo = Photo(np.zeros((4, 4, 3), np.uint8))
    request = request_for(photo, RestoreOptions(), 900, Preferences(device="cpu", tile=256, previews=False))
    assert (request.device, request.tile, request.preview_side) == ("cpu", 256, 0)
    monkeypatch.setattr(threads, "_own", None)  # another test may have changed torch's own choice since
    before = torch.get_num_threads()
    use_threads(before + 1)
    assert torch.get_num_threads() == before + 1
    use_threads(0)
    assert torch.get_num_threads() == before
