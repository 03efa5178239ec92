"""Ctrl+C while a model is imported or sampled: between two pieces of work, and nothing half-made stays."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from restorer import importers, paths
from restorer.cli.main import main
from restorer.pipeline import generate as generating
from restorer.pipeline.events import Event
from restorer.pipeline.request import GenerateRequest
from tests.tiny_packs import BASE, write_cascade

MODEL = Path(__file__).resolve().parents[1] / "data" / "golden" / "adm_base64" / "model.pt"
ANSWERS = ("num_head_channels=16", "attention_order=new", "schedule=cosine")


def test_an_import_that_is_stopped_leaves_nothing_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = importers.make_pack
    written: list[int] = []

    def make_pack(*arguments: object) -> Iterator[tuple[int, int]]:
        for done, total in real(*arguments):  # type: ignore[arg-type]
            written.append(done)
            if len(written) == 3:
                signal.raise_signal(signal.SIGINT)
            yield done, total

    monkeypatch.setattr(importers, "make_pack", make_pack)
    assume = [word for answer in ANSWERS for word in ("--assume", answer)]
    assert main(["models", "import", str(MODEL), "--name", "mine", "--accept-licence", *assume]) == 130
    assert capsys.readouterr().err.strip() == "restorer: Stopped."
    assert len(written) == 3
    assert not [*paths.packs_dir().glob("*")]


def test_samples_that_are_stopped_are_those_that_were_made(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_cascade(home)
    real = generating.generate
    pulled: list[Event] = []

    def generate(request: GenerateRequest) -> Iterator[Event]:
        for event in real(request):
            pulled.append(event)
            if request.label == 1 and len(pulled) > 1:
                signal.raise_signal(signal.SIGINT)
                pulled.clear()
            yield event

    monkeypatch.setattr(generating, "generate", generate)
    assert main(["models", "sample", BASE, "--device", "cpu"]) == 130
    said = capsys.readouterr()
    assert [Path(line).name for line in said.out.splitlines()] == ["0000.webp"]
    assert said.err.strip() == "restorer: Stopped."
