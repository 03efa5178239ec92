"""The opened photos and what became of them: the window's model, without a widget.

In: paths and pictures to open, what the two workers report. Out: signals that say
what changed, and the `RestoreRequest` for the photo in view. A photo's pictures
for the screen are let go when another photo comes into view and made again when
it returns, so that a long row of opened photos stays small in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from restorer.naming import suggested
from restorer.request import Preset, RestoreRequest
from ui.preferences import Format, Output, Preferences

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from restorer.edits import Edit
    from restorer.events import Box, Done
    from restorer.photo import Photo
    from ui.mailbox import Letter
    from ui.pyramid import Pyramid
    from ui.reports import RegionMade, Varied


class State(Enum):
    """Where a photo stands."""

    WAITING = auto()  # named, not read yet (or let go)
    READING = auto()
    READY = auto()
    RUNNING = auto()
    PAUSED = auto()
    CANCELLING = auto()
    DONE = auto()
    FAILED = auto()  # it cannot be opened; `problem` says why


@dataclass(frozen=True)
class Settings:
    """What the control panel says."""

    scale: int = 4
    preset: Preset = Preset.BALANCED
    fidelity: float = 0.75
    seed: int = 0
    repair: bool = False
    colour_lock: bool = True
    model: str | None = None  # None: the one for photos that ships
    variations: int = 1
    label: int | None = None  # what the photo shows, for a model that knows classes; None: the mean of all


@dataclass(frozen=True, eq=False)
class Stand:
    """What was made of a photo up to some point: its desk work, and the result of a run if there is one."""

    edits: tuple[Edit, ...] = ()
    result: Done | None = None
    scale: int = 1
    preset: Preset = Preset.BALANCED


class Document(QObject):
    """One photo with its result, if there is one.

    `changed` is emitted after every change that can be seen; the fields are read
    freely by the window and written by the workshop alone.
    """

    changed = Signal(object)  # itself

    def __init__(
        self, parent: QObject, key: int, path: Path | None = None, photo: Photo | None = None
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.path = path
        self.title = ""  # what to call a picture that has no file
        self.origin = ""  # how a photo came about that a model made
        self.raw = photo  # as it was read or pasted
        self.photo = photo  # after the desk work: what is restored
        self.edits: tuple[Edit, ...] = ()
        self.stack = QUndoStack(self)
        self.before_run = Stand()  # what a cancelled run goes back to
        self.saves: WeakKeyDictionary[Done, Path] = WeakKeyDictionary()  # where each result was saved
        self.state = State.WAITING
        self.original: Pyramid | None = None  # the photo as it is
        self.before: Pyramid | None = None  # its enlargement
        self.after: Pyramid | None = None  # the restored picture
        self.live: Letter | None = None  # the run as far as it is known
        self.result: Done | None = None
        self.result_scale = 1
        self.result_preset = Preset.BALANCED
        self.saved: Path | None = None
        self.copy: Path | None = None  # a file of the result for other programs, not asked for by name
        self.copying = False  # such a file is being written
        self.thumb: QImage | None = None  # a small picture for the row
        self.problem = ""  # why it could not be opened or restored
        self.queued = False  # waits for its turn to be restored
        self.given_up = False  # the person said that the result need not be saved
        # The run's phase: its name, the engine's own sentence, and which run of how many it is.
        self.phase = ("", "", (1, 1))
        self.kept: Path | None = None  # the folder in which the run's state is kept
        self.patch: RegionMade | None = None  # a region preview
        self.trying: Box | None = None  # the region that is being made
        self.varied: Varied | None = None  # several results, of which `chosen` is the result
        self.chosen = 0
        self.varying = False  # the run that is going makes several
        self.choosing = False  # they are on the canvas side by side

    @property
    def name(self) -> str:
        """The file's name, or the title of a picture that has no file; empty for one that was pasted."""
        return self.path.name if self.path is not None else self.title

    @property
    def at_rest(self) -> bool:
        return self.state in (State.READY, State.DONE)

    @property
    def unsaved(self) -> bool:
        return self.result is not None and self.saved is None and not self.given_up

    @property
    def running(self) -> bool:
        return self.state in (State.RUNNING, State.PAUSED, State.CANCELLING)

    @property
    def can_keep(self) -> bool:
        """Whether there is something of a run to end at."""
        going = self.state in (State.RUNNING, State.PAUSED)
        return going and not self.varying and self.live is not None and self.live.box is not None

    def move_to(self, state: State) -> None:
        self.state = state
        self.tell()

    def tell(self) -> None:
        """Say that something changed."""
        self.changed.emit(self)

    @property
    def can_be_restored(self) -> bool:
        """Now or in its turn; a photo out of view is opened for it."""
        return not self.queued and self.state in (State.WAITING, State.READY, State.DONE)

    def output(self, output: Output) -> Output:
        """How its result is saved, where the settings say `output`."""
        return output

    def stand(self) -> Stand:
        return Stand(self.edits, self.result, self.result_scale, self.result_preset)

    def take(self, stand: Stand) -> None:
        """Go to another stand; its pictures have to be made again where they differ."""
        if stand.edits == self.edits and stand.result is self.result:
            return
        if stand.edits != self.edits:
            self.edits = stand.edits
            self.photo = None
        self.result, self.result_scale, self.result_preset = stand.result, stand.scale, stand.preset
        self.saved = None if stand.result is None else self.saves.get(stand.result)
        self.copy = None
        self.given_up = False
        self.original = self.before = self.after = self.live = self.patch = self.varied = None
        self.choosing = False
        self.state = State.WAITING
        self.tell()

    def pick(self, number: int) -> None:
        """Another of the variations is the result."""
        varied = self.varied
        if varied is None or not self.at_rest or not 0 <= number < len(varied.dones):
            return
        if self.result is not varied.dones[number]:
            self.saved, self.copy, self.given_up = self.saves.get(varied.dones[number]), None, False
        self.chosen = number
        self.result, self.after = varied.dones[number], varied.pictures[number]
        self.tell()

    def wrote(self, done: Done, path: Path, handed: bool) -> None:
        """A result lies in a file now, `handed` to another program or saved; another may be in view."""
        if handed:
            self.copying = False
            self.copy = path if self.result is done else self.copy
        else:
            self.saves[done] = path
            self.saved = path if self.result is done else self.saved
        self.tell()

    def show_all(self, on: bool) -> None:
        """All variations side by side, or the chosen one in comparison with the photo."""
        self.choosing = on and self.varied is not None
        self.tell()

    def drop_patch(self) -> bool:
        """Show the photo without the region that was tried; False when there is none."""
        if self.patch is None or not self.at_rest:
            return False
        self.patch = None
        self.tell()
        return True

    def let_go(self) -> None:
        """Drop what can be made again; called when the photo leaves the view."""
        if self.running or self.state in (State.READING, State.FAILED):
            return
        self.original = self.before = self.after = self.live = self.patch = None
        if self.path is not None:
            self.raw = None
            if self.result is None:
                self.photo = None
        self.state = State.WAITING


class Session(QObject):
    """The row of opened photos and the one in view."""

    current_changed = Signal()
    changed = Signal(object)  # the document that changed
    row_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.documents: list[Document] = []
        self.current: Document | None = None
        self._keys = 0

    def add(self, path: Path | None = None, photo: Photo | None = None, kept: Path | None = None) -> Document:
        """A new photo at the end of the row; a path that is open already gives its document. `kept` is the
        folder of an unfinished run, whose photo is in there."""
        for document in self.documents if kept is None else ():
            if path is not None and document.path is not None and document.path.absolute() == path.absolute():
                return document
        self._keys += 1
        document = Document(self, self._keys, path, photo)
        document.kept = kept
        document.changed.connect(self.changed)
        self.documents.append(document)
        self.row_changed.emit()
        return document

    def remove(self, document: Document) -> None:
        """Take a photo out of the row; its neighbour comes into view."""
        place = self.documents.index(document)
        self.documents.remove(document)
        if document is self.current:
            self.current = None
            self.show(self.documents[min(place, len(self.documents) - 1)] if self.documents else None)
        self.row_changed.emit()
        document.deleteLater()

    def show(self, document: Document | None) -> None:
        """Bring a photo into view."""
        if document is self.current:
            return
        if self.current is not None:
            self.current.let_go()
        self.current = document
        self.current_changed.emit()

    def move(self, document: Document, place: int) -> None:
        """Give a photo another place in the row, counted from 0."""
        place = min(max(place, 0), len(self.documents) - 1)
        if self.documents.index(document) != place:
            self.documents.remove(document)
            self.documents.insert(place, document)
            self.row_changed.emit()

    def step(self, by: int) -> None:
        """The next (`by` = 1) or previous (-1) photo of the row."""
        if self.current is not None:
            place = self.documents.index(self.current) + by
            if 0 <= place < len(self.documents):
                self.show(self.documents[place])

    def place(self) -> tuple[int, int]:
        """Which photo of how many is in view, counted from 1; (0, n) when none is."""
        if self.current is None:
            return 0, len(self.documents)
        return self.documents.index(self.current) + 1, len(self.documents)

    def find(self, key: int) -> Document | None:
        return next((document for document in self.documents if document.key == key), None)

    def with_problem(self, sentence: str) -> Document | None:
        """The photo of which a sentence about trouble was said, if it was said of one."""
        return next((document for document in self.documents if document.problem == sentence), None)

    def unsaved(self) -> list[Document]:
        return [document for document in self.documents if document.unsaved]

    def running(self) -> Document | None:
        return next((document for document in self.documents if document.running), None)


def request_for(
    photo: Photo, settings: Settings, preview_side: int, preferences: Preferences | None = None
) -> RestoreRequest:
    """What the engine is asked for; `preview_side` is the longer side of the canvas in device pixels."""
    preferences = preferences or Preferences()
    return RestoreRequest(
        source=photo,
        scale=settings.scale,
        preset=settings.preset,
        fidelity=settings.fidelity,
        seed=settings.seed,
        repair=settings.repair,
        colour_lock=settings.colour_lock,
        model=settings.model,
        label=settings.label,
        device=preferences.device,
        tile=preferences.tile or None,
        preview_side=preview_side if preferences.previews else 0,
    )


def with_past(done: Done, document: Document) -> Done:
    """The result with what went before it in its provenance: desk work, and a model that made the photo."""
    past: dict[str, str | int | float] = {}
    if document.origin:
        past |= {"Origin": document.origin, "Invented": 1}
    if document.edits:
        from restorer.edits import described

        past["DeskWork"] = described(document.edits)
    return replace(done, provenance={**done.provenance, **past}) if past else done


def name_values(document: Document) -> dict[str, object]:
    """What the placeholders of a name stand for."""
    done = document.result
    return {
        "name": document.path.stem if document.path is not None else document.title or "picture",
        "scale": document.result_scale,
        "preset": document.result_preset.value,
        "suffix": document.path.suffix.lstrip(".") if document.path is not None else "",
        "fidelity": done.provenance.get("Fidelity", "") if done is not None else "",
        "seed": done.seed if done is not None else "",
        "model": done.model if done is not None else "",
    }


def suffix_for(document: Document, kind: Format) -> str:
    """The suffix a kind of file means for this photo; PNG where the photo's own kind cannot be written."""
    from restorer.photo import WRITE_SUFFIXES

    if kind is not Format.SAME:
        return f".{kind.value}"
    suffix = document.path.suffix.lower() if document.path is not None else ".png"
    return suffix if suffix in WRITE_SUFFIXES and suffix != ".bmp" else ".png"


def suggested_name(document: Document, output: Output | None = None) -> str:
    """The name of the result's file, as the settings want it."""
    output = document.output(output or Output())
    return suggested(output.template, name_values(document)) + suffix_for(document, output.format)
