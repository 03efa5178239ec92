"""A run that goes on from its state on disk gives the picture of the uninterrupted one; and what is kept."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from restorer import paths
from restorer.packs import catalog
from restorer.photo import Photo, read_photo
from restorer.pipeline import checkpoint, restore
from restorer.pipeline.events import Command, Done, Phase, Preview, Progress
from restorer.pipeline.request import Past, RestoreRequest


def request_for(source: Path | Photo, model: str, **changes: object) -> RestoreRequest:
    return dataclasses.replace(
        RestoreRequest(source, model=model, device="cpu", preview_side=0),
        **changes,  # type: ignore[arg-type]
    )


def finish(request: RestoreRequest) -> Done:
    *_, last = restore.run(request)
    assert isinstance(last, Done)
    return last


def leave_at(request: RestoreRequest, step: int, stage: int = 1) -> None:
    """Run up to the first tile of a step (of a stage) and walk away, as a crash would."""
    run = restore.run(request)
    stages, last = 0, 0
    for event in run:
        if isinstance(event, Progress):
            stages += event.step < last or last == 0
            last = event.step
            if stages == stage and event.step == step:
                break
    run.close()


@pytest.mark.parametrize("sampler", ["dpmpp-2m", "heun", "ddim", "ancestral", "renoise"])
def test_a_resumed_run_equals_the_uninterrupted_one(
    tiny_pack: str, photo_file: Path, sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = catalog.settings
    monkeypatch.setattr(
        catalog, "settings", lambda pack, preset: dataclasses.replace(settings(pack, preset), sampler=sampler)
    )
    whole = finish(request_for(photo_file, tiny_pack))
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    leave_at(request, step=4)
    steps = [event.step for event in restore.run(request) if isinstance(event, Progress)]
    assert steps[0] == 4, "the step in hand is made again, the finished ones are not"
    leave_at(request, step=5)
    done = finish(request)
    assert np.array_equal(done.photo.pixels, whole.photo.pixels)
    assert done.evaluations == whole.evaluations
    assert done.consistency == whole.consistency
    assert not request.keep.exists(), "nothing is kept of a finished run"


def test_the_second_stage_of_a_chain_is_resumed_too(chain_pack: str, photo_file: Path) -> None:
    whole = finish(request_for(photo_file, chain_pack, scale=8, steps=3))
    request = request_for(photo_file, chain_pack, scale=8, steps=3, keep=checkpoint.new_folder())
    leave_at(request, step=2, stage=2)
    (left,) = checkpoint.unfinished()
    assert (left.step, left.steps, left.scale, left.name) == (1, 3, 8, "a photo.png")
    first = next(event for event in restore.run(request) if isinstance(event, Progress))
    assert first.fraction > 0.5
    leave_at(request, step=3, stage=1)
    assert np.array_equal(finish(request).photo.pixels, whole.photo.pixels)


def test_a_photo_that_changed_or_went_is_taken_from_what_was_kept(tiny_pack: str, photo_file: Path) -> None:
    photo = dataclasses.replace(
        read_photo(photo_file), icc=b"profile", exif=b"MM\0*", xmp=b"<x/>", dpi=(300.0, 300.0)
    )
    whole = finish(request_for(photo, tiny_pack))
    folder = checkpoint.new_folder()
    leave_at(request_for(photo, tiny_pack, seed=3, fidelity=0.5, keep=folder), step=3)
    photo_file.unlink()
    kept = checkpoint.photo_of(folder)
    assert (kept.icc, kept.exif, kept.xmp, kept.dpi, kept.path) == (
        b"profile",
        b"MM\0*",
        b"<x/>",
        (300.0, 300.0),
        photo_file.absolute(),
    )
    assert np.array_equal(kept.pixels, photo.pixels)
    request = checkpoint.request_of(folder, kept)
    assert (request.seed, request.fidelity, request.keep) == (3, 0.5, folder)
    done = finish(request)
    assert done.seed == 3
    assert done.photo.icc == b"profile"
    assert not np.array_equal(done.photo.pixels, whole.photo.pixels)


@pytest.mark.parametrize("change", [{"seed": 1}, {"steps": 5}, {"fidelity": 0.2}, {"colour_lock": False}])
def test_the_state_of_another_request_is_not_used(
    tiny_pack: str, photo_file: Path, change: dict[str, object]
) -> None:
    folder = checkpoint.new_folder()
    leave_at(request_for(photo_file, tiny_pack, keep=folder), step=4)
    other = request_for(photo_file, tiny_pack, **change)
    done = finish(dataclasses.replace(other, keep=folder))
    assert np.array_equal(done.photo.pixels, finish(other).photo.pixels)


def test_a_damaged_state_is_no_state(tiny_pack: str, photo_file: Path) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    leave_at(request, step=4)
    state = request.keep / checkpoint.STATE
    content = bytearray(state.read_bytes())
    content[-1000] ^= 1
    state.write_bytes(content)
    steps = [event.step for event in restore.run(request) if isinstance(event, Progress)]
    assert steps[0] == 1
    leave_at(request, step=3)
    state.write_bytes(b"nonsense")
    assert checkpoint.unfinished() == []
    assert not request.keep.exists(), "what cannot be gone on with is removed"


def test_a_run_that_goes_on_elsewhere_is_not_offered(tiny_pack: str, photo_file: Path) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    run = restore.run(request)
    while not (request.keep / checkpoint.STATE).exists():
        next(run)
    assert checkpoint.unfinished() == []
    run.close()
    assert [left.folder for left in checkpoint.unfinished()] == [request.keep]


def test_a_run_that_is_being_finished_is_not_offered(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    seen = []
    discard = checkpoint.discard

    def watched(folder: Path | None) -> None:
        seen.append(checkpoint.unfinished() if folder == request.keep else None)
        discard(folder)

    monkeypatch.setattr(checkpoint, "discard", watched)
    for event in restore.run(request):
        if isinstance(event, Phase) and event.name == "finishing":
            assert (request.keep / checkpoint.STATE).exists()
            assert checkpoint.unfinished() == []
    assert seen == [[]], "nor in the moment in which it is removed"
    assert not request.keep.exists()


def test_who_lists_runs_does_not_disturb_those_that_begin(tiny_pack: str, photo_file: Path) -> None:
    ended = threading.Event()
    offered: list[checkpoint.Unfinished] = []

    def list_on() -> None:
        while not ended.is_set():
            offered.extend(checkpoint.unfinished())

    lister = threading.Thread(target=list_on)
    lister.start()
    try:
        for seed in range(12):
            request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder(), seed=seed)
            run = restore.run(request)
            steps = (event for event in run if isinstance(event, Progress))
            assert next(event for event in steps if event.step == 3)
            assert (request.keep / checkpoint.STATE).exists(), "its state is kept"
            for _ in run:
                pass
    finally:
        ended.set()
        lister.join()
    assert not offered


def test_a_folder_that_somebody_removed_is_made_again(tiny_pack: str, photo_file: Path) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    run = restore.run(request)
    while not (request.keep / checkpoint.STATE).exists():
        next(run)
    checkpoint.discard(request.keep)
    while not (request.keep / checkpoint.STATE).exists():
        next(run)
    assert checkpoint.unfinished() == [], "and it is held again"
    run.close()
    assert [left.folder for left in checkpoint.unfinished()] == [request.keep]


def test_the_state_outlives_a_killed_process(tiny_pack: str, photo_file: Path) -> None:
    folder = checkpoint.new_folder()
    code = (
        "import sys, os\nfrom pathlib import Path\nfrom restorer.pipeline import restore\n"
        "from restorer.pipeline.request import RestoreRequest\n"
        "from restorer.pipeline.events import Progress\n"
        f"r = RestoreRequest(Path({str(photo_file)!r}), model={tiny_pack!r}, keep=Path({str(folder)!r}), "
        "device='cpu', preview_side=0)\n"
        "for e in restore.run(r):\n    if isinstance(e, Progress) and e.step == 4: os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(restore.__file__).parents[2])
    assert killed.returncode == -9
    (left,) = checkpoint.unfinished()
    assert left.step == 3
    done = finish(checkpoint.request_of(left.folder, checkpoint.photo_of(left.folder)))
    assert np.array_equal(done.photo.pixels, finish(request_for(photo_file, tiny_pack)).photo.pixels)
    assert list((paths.cache_dir() / "runs").iterdir()) == []


def test_a_large_state_is_written_seldom(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "SMALL", 0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e-9)
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    leave_at(request, step=6)
    assert not request.keep.exists()


def test_a_full_disk_does_not_stop_the_run(tiny_pack: str, photo_file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    done = finish(request_for(photo_file, tiny_pack, keep=blocked / "run"))
    assert done.photo.size == (240, 180)
    assert blocked.read_text() == "in the way"


def test_the_request_is_kept_whole(tiny_pack: str, photo_file: Path) -> None:
    past = Past("turn 1; levels", "a cascade of networks", "a fox", (0, 7))
    request = request_for(
        photo_file, tiny_pack, region=(8, 4, 20, 16), keep=checkpoint.new_folder(), past=past
    )
    leave_at(request, step=3)
    again = checkpoint.request_of(request.keep, checkpoint.photo_of(request.keep))
    for field in dataclasses.fields(request):
        if field.name != "source":
            assert getattr(again, field.name) == getattr(request, field.name)
    json.loads((request.keep / checkpoint.RUN).read_text())


def test_a_state_that_knows_less_or_more_of_its_request_still_goes_on(
    tiny_pack: str, photo_file: Path
) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder(), past=Past(title="a fox"))
    leave_at(request, step=4)
    file = request.keep / checkpoint.RUN
    run = json.loads(file.read_text())
    assert run["name"] == "a fox"
    del run["request"]["past"]
    run["request"]["of a later version"] = 1
    file.write_text(json.dumps(run))
    (left,) = checkpoint.unfinished()
    assert left.past == Past()
    again = checkpoint.request_of(left.folder, checkpoint.photo_of(left.folder))
    assert again.past == Past()
    assert next(event for event in restore.run(again) if isinstance(event, Progress)).step == 4


# -- stop here and keep ----------------------------------------------------------------------------------


def test_keep_ends_the_run_at_the_picture_shown(tiny_pack: str, photo_file: Path) -> None:
    request = request_for(photo_file, tiny_pack, preview_side=240)
    run = restore.run(request)
    shown = None
    for event in run:
        if isinstance(event, Preview):
            shown = event.image
        if isinstance(event, Progress) and event.step == 3:
            break
    events = [run.send(Command.KEEP), *run]
    assert not any(isinstance(event, Preview) for event in events)
    done = events[-1]
    assert isinstance(done, Done)
    assert done.evaluations == 3
    assert done.provenance["Stopped"] == "step 3 of 6"
    assert done.stopped == (3, 6)
    assert done.photo.size == (240, 180)
    # The colour lock comes after the preview, so hues move a little; the detail is the one that was seen.
    difference = np.abs(done.photo.pixels.astype(int) - shown)
    assert np.median(difference) <= 6
    assert not np.array_equal(done.photo.pixels, finish(request).photo.pixels)


def test_keep_in_the_middle_of_a_step_keeps_the_tiles_that_are_there(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "_side", lambda tile, width, height, margin: 64)
    request = request_for(photo_file, tiny_pack, colour_lock=False)
    run = restore.run(request)
    for event in run:
        if isinstance(event, Progress) and event.step == 2 and event.tile == 2:
            break
    done = [run.send(Command.KEEP), *run][-1]
    other = restore.run(request)
    at_step = {}
    for event in other:
        if isinstance(event, Progress) and event.tile == event.tiles:
            at_step[event.step] = event
            if event.step == 2:
                break
    whole = [other.send(Command.KEEP), *other][-1]
    assert isinstance(done, Done)
    assert isinstance(whole, Done)
    same = (done.photo.pixels == whole.photo.pixels).all(axis=2)
    assert same[:60, :60].all(), "the first tile is that of step 2"
    assert not same[-60:, -60:].all(), "the last one is still that of step 1"


def test_keep_in_the_first_stage_of_a_chain_gives_the_size_asked_for(
    chain_pack: str, photo_file: Path
) -> None:
    run = restore.run(request_for(photo_file, chain_pack, scale=8))
    for event in run:
        if isinstance(event, Progress) and event.step == 2:
            break
    done = [run.send(Command.KEEP), *run][-1]
    assert isinstance(done, Done)
    assert done.photo.size == (480, 360)
    assert done.provenance["Stopped"] == "stage 1, step 2 of 6"
