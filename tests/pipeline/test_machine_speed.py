"""A machine is measured once, and that tells what other models will take; and what speaks against a run."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from restorer.packs.catalog import find
from restorer.pipeline.forecast import machine_speed
from restorer.pipeline.forecast.estimates import (
    MARGINS,
    OVERHEAD,
    Estimates,
    Observation,
    RunEstimate,
    work_of,
)
from restorer.pipeline.forecast.run_warnings import Concern, ConcernKind, concerns, needed_bytes
from restorer.pipeline.plan import Cascade, plan_restore
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.pipeline.run_control import RunControl


@pytest.fixture
def cascade() -> Cascade:
    return plan_restore(RestoreRequest(Path("any.png"), preset=Preset.BEST))


MEASURED = Observation("another model", "this processor", work=0.2, megapixels=0.15, seconds=2.5, weights=2.0)


def test_what_was_measured_tells_what_a_model_takes_of_which_nothing_was_learned(
    cascade: Cascade, tmp_path: Path
) -> None:
    estimates = Estimates(tmp_path / "e.json", MEASURED)
    weights = sum(int(stage.pack.config["weights"]["bytes"]) for stage in cascade.stages) / 2e7
    rate = (2.5 - OVERHEAD[0]) / 0.2 / 2.0  # seconds for a unit of work and ten million weights
    small = estimates.predict(cascade, (150, 150))
    assert not small.learned
    assert small.seconds == pytest.approx(0.5 + rate * weights * work_of(cascade, 0.0225))
    large = estimates.predict(cascade, (1000, 800))
    assert large.seconds == pytest.approx(0.5 + MARGINS * rate * weights * work_of(cascade, 0.8))
    assert estimates.predict(cascade, (150, 150), "another device").seconds != small.seconds


def test_a_run_of_the_model_itself_counts_more(cascade: Cascade, tmp_path: Path) -> None:
    estimates = Estimates(tmp_path / "e.json", MEASURED)
    work = work_of(cascade, 0.5)
    estimates.record(Observation(cascade.name, "this processor", work, 8.0, 77.0))
    told = estimates.predict(cascade, (1000, 500))
    assert told.learned
    assert told.seconds == pytest.approx(77.0)


def test_an_estimate_of_an_older_version_is_still_read(tmp_path: Path, cascade: Cascade) -> None:
    old = {
        "chain": cascade.name,
        "device": "cpu",
        "work": 8.0,
        "megapixels": 4.0,
        "seconds": 9.0,
        "peak": None,
    }
    (tmp_path / "e.json").write_text(json.dumps([old]))
    assert Estimates(tmp_path / "e.json").predict(cascade, (500, 500)).learned


def test_the_machine_is_measured_and_remembered_for_these_versions(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_speed, "SIDES", (32,))
    path = tmp_path / "deep" / "machine.json"
    assert machine_speed.remembered("cpu", path) is None
    seen = machine_speed.measure("cpu", path=path)
    assert seen is not None
    assert seen.chain == find(4).name
    assert seen.seconds > OVERHEAD[0]
    assert seen.weights > 0
    assert machine_speed.remembered("cpu", path) == seen
    assert machine_speed.remembered("cuda", path) is None
    control = RunControl()
    control.cancel()
    assert machine_speed.measure("cpu", control, path) is None
    monkeypatch.setattr(machine_speed, "__version__", "later")
    assert machine_speed.remembered("cpu", path) is None
    path.write_text("nonsense")
    assert machine_speed.remembered("cpu", path) is None


def test_what_was_measured_is_read_without_torch() -> None:
    code = (
        "import sys\nfrom restorer.pipeline.forecast import run_warnings, machine_speed\n"
        "from restorer.memory import free_memory\n"
        "machine_speed.remembered(); assert free_memory() > 0; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(machine_speed.__file__).parents[3])


def test_a_run_that_will_not_do_is_known_before_it() -> None:
    size, short = (1000, 800), RunEstimate(60.0, 2**30, True)
    assert concerns(size, 4, short, free=2**33) == ()
    assert concerns(size, 16, short, free=2**40) == (Concern(ConcernKind.SCALE, 16, 16),)
    hours = dataclasses.replace(short, seconds=3 * 3600.0)
    assert [each.kind for each in concerns(size, 16, hours, free=2**20)] == [
        ConcernKind.MEMORY,
        ConcernKind.HOURS,
        ConcernKind.SCALE,
    ]
    least = needed_bytes(size, 4)
    assert [each.forbids for each in concerns(size, 4, short, free=least - 1)] == [True]
    tight = dataclasses.replace(short, memory=2 * least)
    (concern,) = concerns(size, 4, tight, free=least)
    assert (concern.kind, concern.amount, concern.forbids) == (ConcernKind.MEMORY, 2 * least, False)


def test_the_engine_refuses_what_is_said_to_be_refused() -> None:
    import numpy as np

    from restorer.errors import RequestError
    from restorer.photo import Photo
    from restorer.pipeline import checks

    photo = Photo(np.zeros((30, 40, 3), np.uint8))
    least = needed_bytes(photo.size, 4)
    for free, refused in ((least, False), (least - 1, True)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checks, "available_memory", lambda device, free=free: free)
            assert bool(concerns(photo.size, 4, free=free)) == refused
            if refused:
                with pytest.raises(RequestError, match="memory"):
                    checks.check_memory(photo, 4)
            else:
                checks.check_memory(photo, 4)
