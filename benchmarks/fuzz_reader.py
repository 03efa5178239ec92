"""The child of `benchmarks/fuzz.py`: reads the files whose paths come in, and says what became of each.

In, a line of JSON on stdin: the path of a file that one of the `hostile` modules made. Out, a line of JSON on
stdout: what was said ("picture", a sentence, or "!" and the error that should not be), seconds of the
processor, and the most memory of the process so far. What Python does while it reads is watched (PEP 578): a
program that is started, a connection, something unpickled by name, or a file written outside the folder that
the file lies in is an error, whatever else comes out.
"""

from __future__ import annotations

import io
import json
import os
import pathlib
import re
import resource
import shutil
import sys
import tarfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.hostile_state import ELSEWHERE, digest
from restorer import paths, preferences
from restorer.batch.find_photos import Filter, Found, find
from restorer.errors import RestorerError
from restorer.photo import Photo, export, read_photo, read_provenance
from restorer.photo.writing import encode_photo, write_photo
from restorer.preferences import Metadata

MOST_ADDRESSES = 8 << 30
"""Bytes; the machine is to survive what does not keep the promise."""
STARTS = {
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "socket.connect",
    "pickle.find_class",
}
PLACES = {
    "os.rename": (0, 1), "os.link": (1,), "os.symlink": (1,), "os.remove": (0,), "os.rmdir": (0,),
    "os.mkdir": (0,), "os.truncate": (0,), "os.chmod": (0,), "os.chown": (0,), "os.utime": (0,),
    "sqlite3.connect": (0,),
}  # fmt: skip
"""Events that change what is on the disk, and which of their arguments are the places."""


class Watch:
    """Notes what is done outside of `folder` while it is set."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.strays: list[str] = []
        sys.addaudithook(self._saw)

    def _saw(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is None:
            return
        if event in STARTS:
            self.strays.append(f"{event} {arguments[:2]!r}"[:200])
        elif event == "open":
            path, _, flags = arguments
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            if writes and not flags & os.O_NOFOLLOW and path != os.devnull:
                self._check(event, path, whole=True)
            elif writes and path != os.devnull:
                self._check(event, path)
        elif event in PLACES:
            for place in PLACES[event]:
                self._check(event, arguments[place])

    def _check(self, event: str, path: object, whole: bool = False) -> None:
        """whole: what a link leads to counts, else where the link itself lies."""
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor, whose opening was seen
        text = os.fsdecode(path)
        if not os.path.isabs(text) and event != "open":
            return  # in a folder that is open, as `shutil.rmtree` has it
        real = os.path.realpath(text if whole else os.path.dirname(os.path.abspath(text)))
        assert self.folder is not None
        if not (real + os.sep).startswith(self.folder + os.sep):
            self.strays.append(f"{event} {text!r}"[:200])


def listed(path: pathlib.Path) -> None:
    if not list(find([path])):
        raise AssertionError("left out")


def saved(path: pathlib.Path) -> None:
    """Read a photo and encode it again; of its pixels a few, for what belongs to it counts here."""
    photo = read_photo(path)
    alpha = None if photo.alpha is None else photo.alpha[:8, :8]
    photo = replace(photo, pixels=photo.pixels[:8, :8], alpha=alpha)
    for suffix, keep in (
        (".png", Metadata.ALL), (".png", Metadata.NO_PLACE), (".jpg", Metadata.ALL), (".tif", Metadata.ALL),
    ):  # fmt: skip
        encode_photo(export.prepared(photo, keep=keep), io.BytesIO(), suffix, provenance={"Model": "m"})


def read_config(path: pathlib.Path) -> None:
    from restorer.packs import catalog

    folder = path.with_suffix("")
    folder.mkdir()
    path.rename(folder / "config.json")
    catalog.read_pack(folder)


def read_model(path: pathlib.Path) -> None:
    from restorer import importers

    importers.look(path)


def read_pack(path: pathlib.Path) -> None:
    """A pack's config, facts, card with all that it shows, and its network."""
    import torch

    from restorer.device import Device
    from restorer.packs import catalog, info, loader

    folder = unpacked(path) / "pack"
    pack = None
    try:
        pack = catalog.read_pack(folder)
        info.facts(pack), info.purpose(pack)
        for address in re.findall(r"\]\(([^)]*)\)|src='([^']*)'", info.card(pack)):
            file = info.inside(pack, address[0] or address[1])
            if file is not None and file.parent != folder.resolve():
                raise AssertionError(f"the card shows {file}")
        loader.load(pack, Device("cpu", torch.device("cpu"), fast_bfloat16=False))
    except RestorerError as error:
        raise RestorerError(f"{path.stem}: {error}") from error  # it names its pack, not the archive


def read_run(path: pathlib.Path) -> None:
    from restorer.pipeline.resume import checkpoint

    unpacked(path, paths.cache_dir() / "runs", path.stem)
    kept = paths.cache_dir() / "runs" / path.stem
    try:
        found = checkpoint.unfinished()
        if not found:
            raise RestorerError(f"{path.stem} is no run")
        checkpoint.request_of(found[0].folder, checkpoint.photo_of(found[0].folder))
    except (OSError, ValueError, KeyError) as error:  # which the window knows
        raise RestorerError(f"{path.stem}: {error}") from error
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def read_settings(path: pathlib.Path) -> None:
    from restorer.batch.job import BatchJob
    from restorer.files import naming
    from restorer.pipeline.forecast.estimates import Estimates

    folder = path.parent / "settings"
    folder.mkdir(exist_ok=True)
    BatchJob.from_text(path.read_text("utf-8", "replace"))
    Estimates(shutil.copy(path, folder / "estimates.json"))
    shutil.copy(path, folder / preferences.FILE)
    try:
        preferences.read(folder)
        raise_none = True
    except RestorerError:
        raise_none = False
    kept = preferences.load(folder)
    naming.suggested(kept.output.template, {"name": "a", "scale": 4})
    shutil.rmtree(folder)
    if not raise_none:
        raise RestorerError(f"{path.stem} holds no settings")


def read_job(path: pathlib.Path) -> None:
    """A folder job with all but the network: found, put on the list, looked at, read, written, told of."""
    from restorer.batch import item_steps, report
    from restorer.batch.journal import Journal, journal_path
    from restorer.batch.recipe import Existing, JobRecipe
    from restorer.batch.schema import ItemState
    from restorer.pipeline.events import Done
    from restorer.pipeline.request import RestoreRequest

    folder = unpacked(path)
    out = folder / "results"
    kept = folder / "journal.sqlite"
    if kept.exists():
        journal_path(out).parent.mkdir(parents=True, exist_ok=True)
        kept.rename(journal_path(out))
    before = digest(folder / "photos")
    existing = [*Existing][sum(path.name.encode()) % 3]
    recipe = JobRecipe(RestoreRequest(pathlib.Path(), device="cpu"), existing=existing)
    wanted = Filter()
    here = os.getcwd()
    os.chdir(folder)  # the rows of a journal name photos as they lie here
    try:
        place = item_steps.Place.of(out)
        with Journal(out) as journal:
            journal.recover()
            found = [one for one in find([folder / "photos"], wanted, out) if isinstance(one, Found)]
            for number in [*journal.add(found, recipe), *(item.id for item in journal.items())]:
                item = journal.claim(number)
                if item is None:
                    continue
                ready = item_steps.look(
                    item, place, item_steps.Names(journal.is_source, journal.another_name)
                )
                verdict = ready if isinstance(ready, item_steps.Verdict) else item_steps.load(ready)
                if isinstance(verdict, item_steps.Ready):
                    assert isinstance(verdict.photo, Photo)
                    done = Done(verdict.photo, "m", 0, "cpu", 1, 1.0, 1.0, 0.0, {"Model": "m"})
                    verdict = item_steps.write(verdict, done, place)
                journal.record(item, verdict.state, verdict.message, **verdict.values)
            journal.counts()
            journal.retry([item.id for item in journal.items(ItemState.FAILED)])
            report.write_report(journal, out / report.NAME)
        if digest(folder / "photos") != before:
            raise AssertionError("the photos are no longer what they were")
    except RestorerError as error:
        raise RestorerError(f"{path.stem}: {error}") from error
    finally:
        os.chdir(here)
        shutil.rmtree(paths.journals_dir(), ignore_errors=True)


def unpacked(path: pathlib.Path, parent: pathlib.Path | None = None, name: str = "") -> pathlib.Path:
    """The folder of an archive; its links and pipes are what is asked for, so no filter takes them out."""
    folder = (parent or path.parent / "work") / (name or path.stem)
    target = folder if parent else folder / "pack" if path.name.endswith(".pack.tar") else folder
    target.mkdir(parents=True)
    with tarfile.open(path) as archive:
        for member in archive:
            if member.issym() and member.linkname.startswith(ELSEWHERE):
                member.linkname = str(path.parent.parent / member.linkname)
            archive.extract(member, target, filter="fully_trusted")
    return folder


def read_sidecars(path: pathlib.Path) -> None:
    """A photo with what lies beside it: read, and written again, with and without its place."""
    folder = unpacked(path)
    try:
        for keep in Metadata:
            photo = export.prepared(read_photo(folder / "photo.jpg"), keep=keep)
            for overwrite in (True, False):
                target = folder / f"result{'' if overwrite else keep.value}.jpg"
                write_photo(photo, target, overwrite=overwrite, provenance={"Model": "m"})
    except RestorerError as error:
        raise RestorerError(f"{path.stem}: {error}") from error


READERS: dict[str, tuple[Callable[[pathlib.Path], None], ...]] = {
    ".json": (read_config,),
    ".pth": (read_model,),
    ".safetensors": (read_model,),
    ".settings": (read_settings,),
    ".pack.tar": (read_pack,),
    ".run.tar": (read_run,),
    ".job.tar": (read_job,),
    ".sidecar.tar": (read_sidecars,),
}
PHOTO = (listed, read_provenance, saved)


def said_of(path: pathlib.Path, watch: Watch) -> tuple[str, float]:
    """What became of a file, and the seconds of the processor that it took."""
    readers = next((each for ending, each in READERS.items() if path.name.endswith(ending)), PHOTO)
    said = "picture"
    start = time.process_time()  # the file's own doing, however busy the machine is
    watch.strays, watch.folder = [], os.path.realpath(path.parent)
    for read in readers:
        try:
            read(path)
        except RestorerError as error:
            said = str(error)
        except BaseException as error:
            said = f"!{type(error).__name__}: {error}"[:500]
            break
    watch.folder = None
    if watch.strays:
        said = f"!{watch.strays[0]}"
    return said, time.process_time() - start


def main() -> None:
    """Read until nothing comes in any more. The first argument is a home in the folder of the files."""
    warnings.simplefilter("ignore")
    os.umask(0o022)
    home = sys.argv[1]
    for name, place in (("DATA", "data"), ("CACHE", "cache"), ("CONFIG", "config")):
        os.environ[f"XDG_{name}_HOME"] = os.path.join(home, place)

    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    watch = Watch()
    print("ready", flush=True)
    for line in sys.stdin:
        said, seconds = said_of(pathlib.Path(json.loads(line)), watch)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
            1 if sys.platform == "darwin" else 1024
        )
        print(json.dumps([said, seconds, memory]), flush=True)


if __name__ == "__main__":
    main()
