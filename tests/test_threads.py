"""How many threads torch takes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from restorer import threads
from restorer.threads import use_threads

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(threads, "_own", None)  # an earlier test may have changed the number since
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_a_number_is_taken_and_nothing_gives_torch_its_own_choice_back() -> None:
    own = torch.get_num_threads()
    use_threads(own + 1)
    assert torch.get_num_threads() == own + 1
    use_threads(0)
    assert torch.get_num_threads() == own


def test_torchs_own_choice_costs_no_import() -> None:
    code = "import sys; from restorer.threads import use_threads; use_threads(0)\n"
    code += "assert 'torch' not in sys.modules"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
