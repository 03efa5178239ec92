"""Pictures by class: a base network and an upsampler in a row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from restorer import importers
from restorer.errors import RequestError
from restorer.events import Done, Preview, Progress
from restorer.generating import GenerateRequest, generate

GOLDEN = Path(__file__).resolve().parent / "data" / "golden"


@pytest.fixture
def chain(home: Path) -> tuple[str, str]:
    """The reduced base and upsampler, as packs."""
    for name, folder, answers in (
        ("base", "adm_base64", {"num_head_channels": "16", "attention_order": "new", "schedule": "cosine"}),
        ("up", "adm_64_256", {"num_heads": "4", "schedule": "linear"}),
    ):
        file = GOLDEN / folder / "model.pt"
        list(importers.make_pack(importers.look(file, answers), file, name))
    return "base", "up"


def made(**changes: object) -> tuple[Done, list[object]]:
    request = GenerateRequest(**({"base": "base", "steps": 2, "device": "cpu"} | changes))  # type: ignore[arg-type]
    events = list(generate(request))
    done = events[-1]
    assert isinstance(done, Done)
    return done, list(events)


def test_a_class_alone_and_through_the_upsampler(chain: tuple[str, str]) -> None:
    done, events = made(upsamplers=("up",), label=207, sampler="ancestral", steps=1)
    assert done.photo.size == (256, 256)
    assert done.model == "base + up"
    assert done.provenance["Class"] == "golden retriever"
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    previews = [event for event in events if isinstance(event, Preview)]
    assert {preview.size for preview in previews} == {(256, 256)}


def test_seed_and_class_decide_the_picture(chain: tuple[str, str]) -> None:
    pictures = [
        made(seed=seed, label=label)[0].photo.pixels for seed, label in ((1, 3), (1, 3), (2, 3), (1, 4))
    ]
    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])
    assert not np.array_equal(pictures[0], pictures[3])
    assert pictures[0].shape == (64, 64, 3)


def test_what_cannot_be_is_a_sentence(chain: tuple[str, str]) -> None:
    for changes, sentence in (
        ({"base": "up"}, "up is none that invents"),
        ({"upsamplers": ("base",)}, "base is none that enlarges"),
        ({"label": 1000}, "knows 1000 classes"),
        ({"base": "none"}, "no model named 'none'"),
        ({"sampler": "magic"}, "no sampler 'magic'"),
        ({"steps": 0}, "between 1 and 1000"),
    ):
        with pytest.raises(RequestError, match=sentence):
            made(**changes)
