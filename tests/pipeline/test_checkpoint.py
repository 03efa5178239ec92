"""A run that goes on from its state on disk gives the picture of the uninterrupted one; and what is kept."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from restorer import paths
from restorer.packs import catalog
from restorer.photo import Photo, read_photo
from restorer.pipeline import restore
from restorer.pipeline.events import Command, Done, Phase, Preview, Progress
from restorer.pipeline.request import Past, RestoreRequest
from restorer.pipeline.resume import checkpoint, pace, run_folder
from restorer.pipeline.stage import tiled_stage
from tests.processes import killed

pytestmark = pytest.mark.usefixtures("kept_at_once")


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


def die_at(request: RestoreRequest, step: int, tile: int | None) -> None:
    """In a process of its own: run up to a step (up to a tile of it, of 64 pixels) and be killed."""
    pace.PAUSE_SECONDS, pace.SHARE = 0.0, 1e9
    if tile is not None:
        tiled_stage._side = lambda *_: 64
    for event in restore.run(request):
        if isinstance(event, Progress) and event.step == step and tile in (None, event.tile):
            os.kill(os.getpid(), signal.SIGKILL)


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
    assert steps[0] == (4 if sampler == "heun" else 5), "no finished tile is made again"
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
    state = request.keep / run_folder.STATE
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
    while not (request.keep / run_folder.STATE).exists():
        next(run)
    assert checkpoint.unfinished() == []
    run.close()
    assert [left.folder for left in checkpoint.unfinished()] == [request.keep]


def test_a_run_that_is_being_finished_is_not_offered(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    seen = []
    discard = run_folder.discard

    def watched(folder: Path | None) -> None:
        seen.append(checkpoint.unfinished() if folder == request.keep else None)
        discard(folder)

    monkeypatch.setattr(run_folder, "discard", watched)
    for event in restore.run(request):
        if isinstance(event, Phase) and event.name == "finishing":
            assert (request.keep / run_folder.STATE).exists()
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
            assert (request.keep / run_folder.ANSWERS).exists(), "its tiles are kept"
            for _ in run:
                pass
    finally:
        ended.set()
        lister.join()
    assert not offered


def test_a_folder_that_somebody_removed_is_made_again(tiny_pack: str, photo_file: Path) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    run = restore.run(request)
    while not (request.keep / run_folder.ANSWERS).exists():
        next(run)
    run_folder.discard(request.keep)
    while not (request.keep / run_folder.ANSWERS).exists():
        next(run)
    assert checkpoint.unfinished() == [], "and it is held again"
    run.close()
    assert [left.folder for left in checkpoint.unfinished()] == [request.keep]


def test_the_state_outlives_a_killed_process(tiny_pack: str, photo_file: Path) -> None:
    folder = checkpoint.new_folder()
    assert killed(die_at, request_for(photo_file, tiny_pack, keep=folder), 4, None) == -9
    (left,) = checkpoint.unfinished()
    assert left.step == 3
    done = finish(checkpoint.request_of(left.folder, checkpoint.photo_of(left.folder)))
    assert np.array_equal(done.photo.pixels, finish(request_for(photo_file, tiny_pack)).photo.pixels)
    assert list((paths.cache_dir() / "runs").iterdir()) == []


@pytest.mark.parametrize("moment", range(4))
def test_a_run_killed_among_its_tiles_repeats_none_that_was_kept(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """One evaluation, as Draft and Balanced have it, in many tiles."""
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 64)
    chosen = random.Random(moment).randint(1, 11)
    whole = finish(request_for(photo_file, tiny_pack, steps=1))
    folder = checkpoint.new_folder()
    assert killed(die_at, request_for(photo_file, tiny_pack, steps=1, keep=folder), 1, chosen) == -9
    (left,) = checkpoint.unfinished()
    assert (left.step, left.steps) == (0, 1)
    request = checkpoint.request_of(left.folder, checkpoint.photo_of(left.folder))
    assert left.fraction is not None
    assert 0 < left.fraction < 1
    shown, tiles, done = None, [], None
    for event in restore.run(dataclasses.replace(request, preview_side=240)):
        match event:
            case Preview():
                shown = shown or event
            case Progress():
                tiles.append(event.tile)
            case Done():
                done = event
    assert tiles == list(range(chosen + 1, 13)), "12 tiles, and those that were finished are not made again"
    assert shown is not None
    assert shown.box == (0, 0, 240, 180), "what was there is shown at once"
    assert done is not None
    assert np.array_equal(done.photo.pixels, whole.photo.pixels)
    assert (done.evaluations, done.consistency) == (whole.evaluations, whole.consistency)
    assert not folder.exists()


def test_a_torn_or_damaged_tile_and_what_follows_it_is_made_again(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 64)
    whole = finish(request_for(photo_file, tiny_pack, steps=1))
    request = request_for(photo_file, tiny_pack, steps=1, keep=checkpoint.new_folder())
    run = restore.run(request)
    next(event for event in run if isinstance(event, Progress) and event.tile == 6)
    run.close()
    log = request.keep / run_folder.ANSWERS
    content = bytearray(log.read_bytes())
    record = len(content) // 6
    content[4 * record + record // 2] ^= 1
    log.write_bytes(content[:-7])  # the sixth is torn, the fifth is damaged
    run = restore.run(request)
    first = next(event for event in run if isinstance(event, Progress))
    assert first.tile == 5
    run.close()
    tiles = [event.tile for event in restore.run(request) if isinstance(event, Progress)]
    assert tiles[0] == 6, "and the log goes on behind the last whole tile"
    request = dataclasses.replace(request, keep=checkpoint.new_folder())
    assert np.array_equal(finish(request).photo.pixels, whole.photo.pixels)


def test_the_state_of_an_older_version_is_gone_on_with(tiny_pack: str, photo_file: Path) -> None:
    """It had a state between two steps, without a fraction, and no tiles."""
    whole = finish(request_for(photo_file, tiny_pack))
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    leave_at(request, step=3)
    (request.keep / run_folder.ANSWERS).unlink()
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    state = request.keep / run_folder.STATE
    with safe_open(state, "np") as file:
        facts = {name: value for name, value in file.metadata().items() if name != "fraction"}
    save_file(load_file(state), state, facts)
    (left,) = checkpoint.unfinished()
    assert (left.step, left.steps, left.fraction) == (2, 6, None)
    run = restore.run(request)
    assert next(event for event in run if isinstance(event, Progress)).step == 3
    run.close()
    assert np.array_equal(finish(request).photo.pixels, whole.photo.pixels)


def test_all_runs_together_are_bounded_and_the_oldest_goes_first(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = []
    for seed in range(3):
        request = request_for(photo_file, tiny_pack, seed=seed, keep=checkpoint.new_folder())
        leave_at(request, step=1)
        folders.append(request.keep)
        os.utime(request.keep, (1e9 + seed, 1e9 + seed))
    size = sum(file.stat().st_size for file in folders[0].iterdir())
    monkeypatch.setattr(run_folder, "MOST_BYTES", int(2.5 * size))
    leave_at(request_for(photo_file, tiny_pack, seed=4, keep=checkpoint.new_folder()), step=1)
    assert [folder.exists() for folder in folders] == [False, True, True]


def test_a_disk_without_room_is_left_alone(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_folder, "SPARE_BYTES", 2**60)
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    leave_at(request, step=6)
    assert not (request.keep / run_folder.ANSWERS).exists()
    assert not (request.keep / checkpoint.SOURCE).exists()


def test_what_would_cost_too_much_is_written_seldom(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "SHARE", 1e-9)
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder())
    for event in restore.run(request):
        assert not (request.keep / run_folder.ANSWERS).exists(), event


def test_a_disk_that_syncs_slowly_does_not_put_off_the_tiles(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window that was killed came back at 38 % instead of 48 %: the state between two steps is synced, and
    what that took on a busy disk counted for the next tiles, which wait for no disk."""
    now, tile_seconds, sync_seconds = [0.0], 0.25, 0.3
    clock = SimpleNamespace(monotonic=lambda: now[0], thread_time=lambda: now[0])
    monkeypatch.setattr(pace, "time", clock)
    monkeypatch.setattr(pace, "PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(pace, "SHARE", 1 / 40)
    synced = []

    def replace_slowly(path: Path, write: Callable[[Path], object]) -> None:
        run_folder.replace_file(path, write)
        if path.name == run_folder.STATE:
            now[0] += sync_seconds
            synced.append(now[0])

    monkeypatch.setattr(checkpoint, "replace_file", replace_slowly)
    request = request_for(photo_file, tiny_pack, steps=60, keep=checkpoint.new_folder())
    files = [request.keep / name for name in (run_folder.STATE, run_folder.ANSWERS)]
    kept, changed, longest = None, 0.0, 0.0
    for event in restore.run(request):
        if not isinstance(event, Progress) or event.fraction == 1.0:
            continue
        found = [(file.stat().st_ino, file.stat().st_size) if file.exists() else None for file in files]
        longest = max(longest, now[0] - changed)
        if found != kept:
            kept, changed = found, now[0]
        now[0] += tile_seconds
    assert len(synced) > 1, "the state was written, too"
    assert longest <= pace.PAUSE_SECONDS + sync_seconds


def test_a_run_within_its_first_second_writes_nothing(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "PAUSE_SECONDS", 600.0)
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
    json.loads((request.keep / run_folder.RUN).read_text())


def test_a_state_that_knows_less_or_more_of_its_request_still_goes_on(
    tiny_pack: str, photo_file: Path
) -> None:
    request = request_for(photo_file, tiny_pack, keep=checkpoint.new_folder(), past=Past(title="a fox"))
    leave_at(request, step=4)
    file = request.keep / run_folder.RUN
    run = json.loads(file.read_text())
    assert run["name"] == "a fox"
    del run["request"]["past"]
    run["request"]["of a later version"] = 1
    file.write_text(json.dumps(run))
    (left,) = checkpoint.unfinished()
    assert left.past == Past()
    again = checkpoint.request_of(left.folder, checkpoint.photo_of(left.folder))
    assert again.past == Past()
    assert next(event for event in restore.run(again) if isinstance(event, Progress)).step == 5


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
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 64)
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
    assert same[:14, :60].all(), "the first tile is that of step 2, as far as the border is not near"
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


def test_what_is_kept_half_done_says_how_much_of_it_is_restored_and_has_no_seam(
    tiny_pack: str, photo_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # 4 columns, 3 or 4 rows
    monkeypatch.setattr(tiled_stage, "_side", lambda tile, width, height, margin: 60)
    monkeypatch.setattr(tiled_stage, "FEATHER", 16)
    request = request_for(photo_file, tiny_pack, steps=1, colour_lock=False, fidelity=0.8)
    whole = finish(request).photo.pixels.astype(float)
    run = restore.run(request)
    half = next(event for event in run if isinstance(event, Progress) and event.tile * 2 >= event.tiles)
    done = [run.send(Command.KEEP), *run][-1]
    assert isinstance(done, Done)
    assert done.restored == pytest.approx(half.fraction, abs=1e-6)
    assert 0.4 < done.restored < 0.7
    assert done.provenance["RestoredShare"] == round(done.restored, 4)
    from restorer.photo import read_provenance, write_photo

    write_photo(done.photo, tmp_path / "kept.png", provenance=done.provenance)
    assert float(read_provenance(tmp_path / "kept.png")["RestoredShare"]) == done.provenance["RestoredShare"]
    # Above the border the picture is the whole run's, below it the plain enlargement, and between it fades.
    from restorer.diffusion.conditioning import enlarge

    low = restore._to_tensor(read_photo(photo_file))
    plain = (enlarge(low, 4)[0].permute(1, 2, 0).clamp(-1, 1).numpy() + 1) * 127.5
    kept = done.photo.pixels.astype(float)
    differs = np.abs(kept - whole).mean(axis=(1, 2))
    rows = np.flatnonzero(differs > 0)
    top = int(rows[0])
    below = slice(-24, -8)  # the photo is continued beyond its edge
    assert np.abs(kept[below] - plain[below]).max() <= 1
    added = np.abs(kept - plain).mean(axis=(1, 2)) / np.abs(whole - plain).mean(axis=(1, 2))
    assert added[max(0, top - 1)] > 0.9
    fade = added[top : top + 16]
    assert len(fade) == 16
    assert np.abs(np.diff(fade)).max() < 0.2, "no row is a seam"


def test_a_run_that_ends_by_itself_is_restored_all_over(tiny_pack: str, photo_file: Path) -> None:
    done = finish(request_for(photo_file, tiny_pack, steps=1))
    assert done.restored == 1.0
    assert "RestoredShare" not in done.provenance
