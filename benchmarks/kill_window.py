"""Kill the window again and again, and look whether anything was lost that is older than a second.

    python -m benchmarks.kill_window [--kills 30] [--slack 1.5] [--seed 1]

A window with tiny models works as a person would make it: it opens photos, turns them, restores them, makes
variations and pictures of a class, and writes down in a ledger what is done, and when. It is killed (SIGKILL)
at a random moment and started again; the next window takes what is offered ("Continue where you were?") and
says what it has. Everything in the ledger that is older than `--slack` seconds at the kill must be there:
each photo, its edits, each result to the bit, each sheet. Of the run that was going what was done `--slack`
seconds before its last step must be there, for on a busy machine a run may not get the processor for seconds.
Then that window works on until it is killed in turn.

In: nothing. Out: a line a kill, and the figures; exit code 1 if anything was lost. Windows are forked from a
process that has loaded everything, so it needs a POSIX system; they draw on no screen.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PIL import Image

STEPS = 40
PATIENCE = 300.0
NAMES = ("one.png", "two.png", "three.png")
Fact = dict[str, Any]


class Ledger:
    """Facts, one a line, in the order in which they became true; a line that is torn is none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, **fact: Any) -> None:
        """Write a fact down, with the time."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": time.monotonic(), **fact}) + "\n")

    def facts(self) -> list[Fact]:
        """All of them."""
        lines = self.path.read_text("utf-8").split("\n") if self.path.exists() else []
        return [json.loads(line) for line in lines[:-1] if line]


def crc(pixels: np.ndarray) -> int:
    """Of all bytes."""
    return zlib.crc32(np.ascontiguousarray(pixels).data)


class Person:
    """Uses one window until it is killed."""

    def __init__(self, place: Path, ledger: Ledger, seed: int) -> None:
        from PySide6.QtCore import QSettings
        from PySide6.QtWidgets import QApplication

        from tests.conftest import TINY
        from ui.main_window.window import Window
        from ui.style.theme import Override, Theme
        from ui.workers.engine_worker import engine_run

        def run(request: Any, networks: Any) -> Iterator[Any]:
            return engine_run(dataclasses.replace(request, model=TINY), networks)

        self.application = QApplication([])
        self.theme = Theme(self.application, Override.DARK)
        store = QSettings(str(place / "window.ini"), QSettings.Format.IniFormat)
        self.window = Window(self.theme, store, run)
        self.window._warm = True
        self.window.show()
        self.core = self.window.core
        self.place, self.ledger, self.moment = place, ledger, random.Random(seed)
        self.progress: dict[str, float] = {}
        self.core.runs.progressed.connect(self._on_progress)
        self.core.generation.progressed.connect(self._on_painting)

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window work until something is true."""
        deadline = time.monotonic() + PATIENCE
        while not until():
            self.application.processEvents()
            time.sleep(0.002)
            if time.monotonic() > deadline:
                raise SystemExit("the window does not go on")

    def _on_progress(self, document: Any) -> None:
        live = document.live.progress if document.live is not None else None
        if live is not None and document.phase[2][1] == 1:
            self._note_progress(document.name, document.checkpoint_folder.name, live.fraction)

    def _on_painting(self) -> None:
        generation = self.core.generation
        live = generation.live.progress if generation.live is not None else None
        if live is not None and generation.running is not None and generation.running.folder is not None:
            self._note_progress("pictures", generation.running.folder.name, live.fraction)

    def _note_progress(self, name: str, folder: str, fraction: float) -> None:
        if folder not in self.progress:
            self.progress[folder] = fraction
        self.ledger.note(kind="progress", name=name, folder=folder, fraction=fraction)

    # Coming back -----------------------------------------------------------------------------

    def come_back(self) -> Fact:
        """Take what is offered; returns what the window has then."""
        offers: list[Any] = []
        recovery = self.core.recovery
        recovery.offered.connect(offers.append)
        recovery.look()
        self.wait(lambda: bool(offers))
        if offers[0] is not None:
            waits = {run.folder.name for run in (*offers[0].runs, *offers[0].pictures)}
            self.window.restore.runs.offer.yes.click()
            self.wait(lambda: not recovery._fetching and not recovery._taken)
            documents = self.core.session.documents
            for document in documents:
                self.core.session.show(document)
                self.wait(lambda shown=document: shown.at_rest or shown.running or shown.queued)  # type: ignore[misc]
            queue, generation = self.core.runs.queue, self.core.generation
            # A run that waits until its photo has been read is in work for nobody yet.
            self.wait(
                lambda: (
                    waits <= set(self.progress)
                    or (queue.active is None and not queue.waiting and not generation.busy)
                )
            )
        return self.state()

    def state(self) -> Fact:
        """What the window has."""
        from restorer.photo.edits import described
        from ui.last_session.recorder import results_of
        from ui.workers.result_store import fetched

        photos = {}
        for document in self.core.session.documents:
            dones = [fetched(record.in_memory_or_stored) for record in results_of(document)]
            photos[document.name] = {
                "edits": described(document.edits),
                "results": [[done.seed, crc(done.photo.pixels)] for done in dones],
            }
        sheets = [
            [[picture.seed, crc(picture.photo.pixels)] for picture in sheet if picture.photo is not None]
            for sheet in self.core.generation.sheets
        ]
        return {"photos": photos, "sheets": sheets, "progress": self.progress}

    # Work ------------------------------------------------------------------------------------

    def work(self) -> None:
        """Do one thing after the other, for ever."""
        self.wait(lambda: self.core.runs.queue.active is None and not self.core.generation.busy)
        self._note_all()
        while True:
            self.moment.choice((self._photo, self._photo, self._variations, self._pictures))()

    def _open(self) -> Any:
        path = self.place / self.moment.choice(NAMES)
        self.core.photos.open([path])
        document = next(each for each in self.core.session.documents if each.path == path)
        self.core.session.show(document)
        self.wait(lambda: document.at_rest)
        self.ledger.note(kind="photo", name=path.name)
        return document

    def _photo(self) -> None:
        document = self._open()
        if self.moment.random() < 0.5:
            self.window.restore.edits.turn_right()
            self.wait(lambda: document.at_rest)
            self._note_edits(document)
        self._restore(document, 1)

    def _variations(self) -> None:
        self._restore(self._open(), 2)

    def _restore(self, document: Any, variations: int) -> None:
        from restorer.pipeline.request import Preset
        from ui.model.options import RestoreOptions

        options = RestoreOptions(preset=Preset.BEST, seed=self.moment.randrange(1000), variations=variations)
        self.core.runs.restore(document, options, 256)
        self.wait(lambda: document.at_rest and document.record is not None)
        self._note_all()

    def _pictures(self) -> None:
        from tests.tiny_packs import BASE
        from ui.model.options import GenerateOptions

        options = GenerateOptions(base=BASE, count=4, size=64, seed=self.moment.randrange(1000))
        self.core.generation.paint(options)
        self.wait(lambda: not self.core.generation.busy)
        self._note_all()

    def _note_edits(self, document: Any) -> None:
        from restorer.photo.edits import described

        self.ledger.note(kind="edits", name=document.name, edits=described(document.edits))

    def _note_all(self) -> None:
        """The results and sheets that are there now."""
        state = self.state()
        known = [fact for fact in self.ledger.facts() if fact["kind"] in ("result", "sheet")]
        seen = [[fact.get("name"), fact["value"]] for fact in known]
        for name, photo in state["photos"].items():
            for value in photo["results"]:
                if [name, value] not in seen:
                    self.ledger.note(kind="result", name=name, value=value)
        for value in state["sheets"]:
            if [None, value] not in seen:
                self.ledger.note(kind="sheet", value=value)


def losses(facts: list[Fact], state: Fact, killed_at: float, slack: float) -> list[str]:
    """What the ledger has and the window has not, of what is older than `slack` at the kill."""
    lost = []
    safe = [fact for fact in facts if fact["at"] < killed_at - slack]
    sheets = [fact for fact in safe if fact["kind"] == "sheet"]
    safe = [fact for fact in safe if fact not in sheets[:-15]]  # one steps back no further than that
    reached: dict[str, Fact] = {}
    steps = {
        fact["folder"]: fact["at"] for fact in facts if fact["kind"] == "progress"
    }  # the last of each run
    for fact in safe:
        if fact["kind"] == "photo" and fact["name"] not in state["photos"]:
            lost.append(f"the photo {fact['name']}")
        if (
            fact["kind"] == "result"
            and fact["value"] not in state["photos"].get(fact["name"], {"results": []})["results"]
        ):
            lost.append(f"a result of {fact['name']}: {fact['value']}")
        if fact["kind"] == "sheet" and fact["value"] not in state["sheets"]:
            lost.append(f"a sheet: {fact['value']}")
        if fact["kind"] == "progress" and fact["at"] < steps[fact["folder"]] - slack:
            reached[fact["folder"]] = fact
    for name in NAMES:
        told = [fact["edits"] for fact in facts if fact["kind"] == "edits" and fact["name"] == name]
        sure = [fact["edits"] for fact in safe if fact["kind"] == "edits" and fact["name"] == name]
        has = state["photos"].get(name, {}).get("edits", "")
        if sure and has not in (sure[-1], *told[len(sure) :]) and not has.startswith(sure[-1]):
            lost.append(f"edits of {name}: {has!r} instead of {sure[-1]!r}")
    last = max(reached.values(), key=lambda fact: fact["at"], default=None)
    ended = [fact["at"] for fact in facts if fact["kind"] in ("result", "sheet")]
    if last is not None and not any(last["at"] <= at for at in ended):
        # The run was going at the kill: it goes on from where it stood, or its result is there already.
        more = sum(len(photo["results"]) for photo in state["photos"].values()) + len(state["sheets"])
        before = sum(fact["kind"] in ("result", "sheet") for fact in facts)
        resumed = state["progress"].get(last["folder"])
        if resumed is None and more <= before:
            lost.append(f"the run of {last['name']} at {last['fraction']:.0%}")
        elif resumed is not None and resumed < last["fraction"] - 1e-6:
            lost.append(
                f"of the run of {last['name']}: {last['fraction']:.0%} were done, {resumed:.0%} are there"
            )
    return lost


def prepare(place: Path) -> None:
    """Models and photos; what every window needs is loaded here, once."""
    from restorer import paths
    from tests import conftest, tiny_packs

    packs = paths.packs_dir()
    pack = conftest.make_tiny_pack(packs)
    config = json.loads((pack / "config.json").read_text("utf-8"))
    config["presets"]["best"]["steps"] = STEPS
    (pack / "config.json").write_text(json.dumps(config), "utf-8")
    tiny_packs.write_cascade(packs)
    noise = np.random.default_rng(1)
    for name in NAMES:
        pixels = noise.integers(0, 255, (12, 16, 3), np.uint8)
        Image.fromarray(pixels).resize((64, 48), Image.Resampling.BICUBIC).save(place / name)
    import torch

    import restorer.pipeline.generate
    import restorer.pipeline.restore  # noqa: F401
    import ui.main_window.window  # noqa: F401

    torch.set_num_threads(1)


def fork_window(place: Path, ledger: Ledger, told: Path, seed: int) -> int:
    """A window in a process of its own, which says in `told` what it has and then works; returns the
    process."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        person = Person(place, ledger, seed)
        state = person.come_back()
        beside = told.with_suffix(".new")
        beside.write_text(json.dumps(state), "utf-8")
        beside.rename(told)
        person.work()
    except BaseException as error:
        (place / "error").write_text(repr(error), "utf-8")
        raise
    finally:
        os._exit(code)


def main() -> int:
    """Exit code 0 if nothing was lost."""
    parser = argparse.ArgumentParser(description="Kill the window again and again.")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--slack", type=float, default=1.5, help="seconds before a kill that may be lost")
    parser.add_argument("--most", type=int, default=120, help="facts that are told before a kill, at most")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    moment, all_lost, going = random.Random(args.seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ |= {
            "QT_QPA_PLATFORM": "offscreen",
            "OMP_NUM_THREADS": "1",
            **{f"XDG_{name}_HOME": str(place / name.lower()) for name in ("DATA", "CONFIG", "CACHE")},
        }
        prepare(place)
        ledger = Ledger(place / "ledger")
        killed_at = time.monotonic()
        for number in range(args.kills + 1):
            told = place / f"state {number}"
            process = fork_window(place, ledger, told, args.seed + number)
            facts = ledger.facts()
            deadline = time.monotonic() + PATIENCE
            while not told.exists() and time.monotonic() < deadline and not (place / "error").exists():
                time.sleep(0.01)
            if not told.exists():
                os.kill(process, signal.SIGKILL)
                why = (place / "error").read_text("utf-8") if (place / "error").exists() else "no answer"
                raise SystemExit(f"the window after kill {number} is not usable: {why}")
            if number:
                lost = losses(facts, json.loads(told.read_text("utf-8")), killed_at, args.slack)
                all_lost += len(lost)
                last = facts[-1]["kind"] if facts else "nothing"
                going += last == "progress"
                print(f"kill {number}, the last that was seen: {last}; {len(lost)} lost", flush=True)
                for each in lost:
                    print(f"  {each}", flush=True)
            if number < args.kills:
                # Counted in facts and not in seconds, for the machine may be busy.
                wanted = len(ledger.facts()) + moment.randrange(args.most)
                deadline = time.monotonic() + PATIENCE
                while len(ledger.facts()) < wanted and time.monotonic() < deadline:
                    time.sleep(0.02)
                time.sleep(moment.uniform(0.0, 0.5))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            killed_at = time.monotonic()
        kinds = [fact["kind"] for fact in ledger.facts()]
    print(
        f"{args.kills} kills, {going} of them during a run; {kinds.count('result')} results and "
        f"{kinds.count('sheet')} sheets were made; {all_lost} things lost that were older than {args.slack} s"
    )
    return 1 if all_lost else 0


if __name__ == "__main__":
    sys.exit(main())
