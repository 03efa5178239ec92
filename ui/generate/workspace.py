"""The generating side of the window: pick a class, watch a cascade paint it, keep what is good.

    person --> panel, sheet, menu --> generation controller --> engine thread
    generation controller --> signals --> workspace (methods of this QObject) --> sheet, tools, strip, panel

The workspace holds no image and does no work; what must outlive a change of language lies in the generation
controller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from ui.app_core import AppCore
from ui.canvas.contact_sheet import ContactSheet, SheetImage
from ui.canvas.look import Look
from ui.canvas.pan_zoom import PanZoom
from ui.controllers.generation import ImageSlot
from ui.generate.panel import GeneratePanel
from ui.generate.status_text import generate_status
from ui.i18n import phrases
from ui.imaging.pyramid import Pyramid
from ui.model.options import GenerateOptions
from ui.restore.prompt import Prompt, stop_sentence
from ui.saving.drag_out import DragOut, file_of
from ui.saving.save_controller import SaveController
from ui.style.theme import canvas_palette
from ui.widgets.banner import Banner
from ui.widgets.shared_actions import Abilities, SharedActions
from ui.widgets.status_bar import StatusBar
from ui.widgets.workspace_messages import WorkspaceMessages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.model.generated_image import GeneratedImage
    from ui.restore.status_text import Status


@dataclass(frozen=True)
class GenerateViewState:
    """All that is seen here and remembered nowhere else."""

    look: Look
    fresh: bool
    alone: bool


class GenerateWorkspace(QWidget):
    """One window's generating side, in the language spoken now."""

    abilities_changed = Signal()

    def __init__(
        self, core: AppCore, options: GenerateOptions, name: str, saver: SaveController, shared: SharedActions
    ) -> None:
        super().__init__()
        self._core, self._generation, self._saver, self._shared = core, core.generation, saver, shared
        self.sheet = ContactSheet()
        self.banner = Banner(self.sheet)
        self.stop = Prompt(
            self.sheet,
            (self.tr("Continue"), self.tr("Go on with this run (Esc).")),
            (self.tr("Discard"), self.tr("End this run without its pictures; the sheet stays as it was.")),
        )
        self._was_paused = False  # before the question came
        for floating in (self.banner, self.stop):
            floating.setPalette(canvas_palette())
        self.panel = GeneratePanel(options, name)
        self.strip = StatusBar()
        self.strip.progress.setAccessibleName(self.tr("Progress of the pictures"))
        self.messages = WorkspaceMessages(self.banner, self.strip, self)
        self.drag_out = DragOut(core, self.strip.handle, self.messages)
        self.tools = QWidget()
        self._actions: dict[str, QAction] = {}
        self._shown: list[ImageSlot] = []
        # What was so when a run was stopped: the bar says that of it until something is new.
        self._stopped_in: tuple[Status, GeneratedImage | None] | None = None
        self._lay_out()

        generation = self._generation
        generation.changed.connect(self.show_generation)
        generation.progressed.connect(self._show_progress)
        generation.ended.connect(self._on_ended)
        generation.finished.connect(self._on_finished)
        self.sheet.picked.connect(self._pick)
        self.sheet.stepped.connect(generation.step)
        self.sheet.dragged.connect(self._drag)
        self.sheet.menu_asked.connect(self._show_menu)
        self.sheet.zoom_changed.connect(self.strip.show_zoom)
        self.sheet.resized.connect(self.banner.place)
        self.sheet.resized.connect(self.stop.place)
        self.stop.accepted.connect(self._continue)
        self.stop.refused.connect(generation.cancel)
        self.strip.zoom_in_asked.connect(self.sheet.zoom_in)
        self.strip.zoom_out_asked.connect(self.sheet.zoom_out)
        self.strip.fit_asked.connect(self.sheet.zoom_to_fit)
        self.strip.true_pixels_asked.connect(self._true_pixels)
        self.panel.paint_asked.connect(self.paint)
        self.panel.cancel_asked.connect(self._ask_to_stop)
        self.panel.pause_asked.connect(generation.pause)
        self.panel.changed.connect(self._tell_estimate)
        self.panel.trouble.connect(self.banner.say)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.sheet, 1)
        left.addWidget(self.tools)
        left.addWidget(self.strip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.panel)

    def fill(self, menu: QMenu) -> None:
        """Put the commands of this side into a menu and their buttons below the sheet; called once."""
        unit = self.fontMetrics().height()
        across = QHBoxLayout(self.tools)
        across.setContentsMargins(unit // 2, unit // 4, unit // 2, 0)
        across.setSpacing(unit // 4)
        self.tools.setAutoFillBackground(True)
        entries: tuple[tuple[str, str, str, Callable[[], object], str, str] | None, ...] = (
            ("paint", self.tr("&Generate"), "", self.panel.ask, "Ctrl+Return", ""),
            ("pause", self.tr("Pa&use or go on"), "", self._generation.pause, "P", ""),
            ("search", self.tr("&Find a class"), "", self.panel.search, "Ctrl+F", ""),
            None,
            (
                "keep",
                self.tr("&Keep this picture"),
                self.tr("Keep"),
                self.keep,
                "Ctrl+Shift+K",
                self.tr("Keep this picture when new ones are made; once more lets it go (Ctrl+Shift+K)."),
            ),
            (
                "other",
                self.tr("&Another in its place"),
                self.tr("Another"),
                self.reroll,
                "Ctrl+Shift+D",
                self.tr("Make another picture in the place of this one (Ctrl+Shift+D)."),
            ),
            (
                "others",
                self.tr("&Replace all that are not kept"),
                self.tr("Replace the rest"),
                self.reroll_rest,
                "Ctrl+Shift+Return",
                self.tr("Make other pictures in the places of those that are not kept (Ctrl+Shift+Return)."),
            ),
            None,
            (
                "before",
                self.tr("The pictures &before"),
                "",
                self.turn_back,
                "Ctrl+Z",
                self.tr("Show the pictures that were here before (Ctrl+Z)."),
            ),
            (
                "after",
                self.tr("T&he pictures after"),
                "",
                self.turn_on,
                "Ctrl+Shift+Z",
                self.tr("Show the pictures that were made after these (Ctrl+Shift+Z)."),
            ),
            None,
            (
                "enlarge",
                self.tr("&Enlarge further"),
                self.tr("Enlarge further"),
                self.enlarge,
                "Ctrl+U",
                self.tr("Open this picture on the Restore side, to enlarge it like a photo (Ctrl+U)."),
            ),
            (
                "save_all",
                self.tr("&Save all…"),
                self.tr("Save all…"),
                self._saver.save_pictures,
                "Ctrl+Shift+S",
                self.tr("Save the kept pictures, or all where none is kept (Ctrl+Shift+S)."),
            ),
        )
        for entry in entries:
            if entry is None:
                menu.addSeparator()
                continue
            key, text, short, does, keys, hint = entry
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(does)
            menu.addAction(action)
            self._actions[key] = action
            if short:
                across.addWidget(self._button(action, short, hint))
            if key == "enlarge":
                copies = self.tr("Put this picture on the clipboard (Ctrl+C).")
                saves = self.tr("Save this picture as a file (Ctrl+S).")
                across.addWidget(self._button(self._shared.copy, self.tr("Copy"), copies))
                across.addWidget(self._button(self._shared.save, self.tr("Save…"), saves))
        self._actions["keep"].setCheckable(True)
        across.addStretch(1)

    def own_actions(self) -> list[QAction]:
        """The commands that make sense only while this workspace is in view."""
        return list(self._actions.values())

    def own_groups(self) -> list[QActionGroup]:
        """Their groups."""
        return []

    @property
    def viewer(self) -> PanZoom:
        return self.sheet

    @property
    def abilities(self) -> Abilities:
        """Which of the shared commands make sense now."""
        chosen = self._chosen is not None
        return Abilities(save=chosen, copy=chosen, roll=not self._generation.busy)

    def _button(self, action: QAction, text: str, hint: str) -> QToolButton:
        action.setIconText(text)
        action.setToolTip(hint)
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(text.rstrip("…"))
        return button

    @property
    def options_and_class(self) -> tuple[GenerateOptions, str]:
        """What the panel asks for, and the name of its class."""
        return self.panel.options, self.panel.classes.name

    # What is asked for -------------------------------------------------------------------------

    @property
    def _chosen(self) -> GeneratedImage | None:
        return self._generation.chosen

    @Slot()
    def refresh(self) -> None:
        """Models came or went."""
        self.panel.refresh()
        self.show_generation()

    @Slot()
    def paint(self) -> None:
        self.banner.hide()
        self.sheet.show_alone(False)
        self._generation.paint(self.panel.options)

    @Slot()
    def keep(self) -> None:
        """Keep the chosen picture, or let it go again."""
        if self._chosen is not None:
            self._generation.keep(self._chosen, not self._chosen.pinned)

    @Slot()
    def reroll(self) -> None:
        if self._chosen is not None:
            self._generation.reroll([self._chosen])

    @Slot()
    def reroll_rest(self) -> None:
        self._generation.reroll(self._generation.unpinned())

    @Slot()
    def turn_back(self) -> None:
        """Show the sheet that was made before this one."""
        self._generation.turn(-1)

    @Slot()
    def turn_on(self) -> None:
        """Show the sheet that was made after this one."""
        self._generation.turn(1)

    @Slot()
    def enlarge(self) -> None:
        """The chosen picture becomes a photo of the other side, which comes into view with it."""
        picture = self._chosen
        if picture is not None and picture.result is not None:
            session = self._core.session
            document = session.add(photo=picture.result.photo)
            document.title = f"{picture.title}_{picture.seed}"
            document.origin = picture.origin
            session.show(document)
            self._core.opener.request_thumbs(session.documents)

    @Slot()
    def save(self) -> None:
        if self._chosen is not None:
            self._saver.save(self._chosen)

    @Slot()
    def copy(self) -> None:
        if self._chosen is not None and self._chosen.after is not None:
            QGuiApplication.clipboard().setImage(self._chosen.after.levels[0].copy())
            self.strip.say(self.tr("The picture is on the clipboard."), aloud=True)

    @Slot()
    def cancel(self) -> None:
        """Esc: a run pauses, and its question comes; else one picture makes room for all; else the banner
        goes."""
        if self._generation.busy:
            if not self._dismiss_stop():
                self._ask_to_stop()
        elif self.sheet.alone:
            self.sheet.show_alone(False)
        else:
            self.banner.hide()

    @Slot()
    def _ask_to_stop(self) -> None:
        """Let the run wait, and ask what is to become of it; one that waits for its turn ends at once."""
        generation = self._generation
        if generation.waiting is not None:
            generation.cancel()
        elif generation.running is not None and not generation.cancelling and self.stop.isHidden():
            self._was_paused = generation.paused
            if not self._was_paused:
                generation.pause()
            progress = generation.live.progress if generation.live is not None else None
            self.stop.ask(stop_sentence(progress))
            self.stop.yes.setFocus()

    @Slot()
    def _continue(self) -> None:
        """The run goes on, even one that was paused before the question came."""
        self._was_paused = False
        self._dismiss_stop()

    @Slot()
    def _dismiss_stop(self) -> bool:
        """Take the question away, and let the run be as it was before; False where nothing is asked."""
        if self.stop.isHidden():
            return False
        self.panel.pause.setFocus()  # else the focus goes to whatever comes next in the window
        self.stop.hide()
        if not self._was_paused:
            self._generation.pause()  # which goes on
        return True

    @Slot()
    def roll_seed(self) -> None:
        self.panel.roll_seed()

    @Slot()
    def _true_pixels(self) -> None:
        self.sheet.zoom_to(1.0)

    @Slot(int)
    def _pick(self, place: int) -> None:
        if place < len(self._shown):
            self._generation.choose(self._shown[place].picture)

    @Slot(int)
    def _drag(self, place: int) -> None:
        """A picture is dragged out: its file is written when the drag begins, and goes along once there."""
        self._pick(place)
        path = file_of(self._chosen)
        if path is None:
            self.drag_out.prepare()
        else:
            self.sheet.end_drag()
            self.strip.handle.drag(path)

    @Slot(int, QPoint)
    def _show_menu(self, place: int, where: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions([self._actions[key] for key in ("keep", "other", "enlarge")])
        menu.addSeparator()
        menu.addActions([self._shared.copy, self._shared.save])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    # What is shown -----------------------------------------------------------------------------

    @Slot()
    def show_generation(self) -> None:
        """The sheet, the tools and the panel, after the generation controller."""
        generation = self._generation
        self._show_places()
        self.panel.show_state(generation.busy, generation.cancelling)
        self.panel.show_pause(generation.running is not None and not generation.cancelling, generation.paused)
        if not generation.paused:
            self.stop.hide()
        self._tell_estimate()
        picture, still = generation.chosen, not generation.busy
        self.drag_out.follow(picture)
        if self._actions:
            self._actions["paint"].setEnabled(self.panel.can_paint)
            self._actions["pause"].setEnabled(generation.running is not None and not generation.cancelling)
            self._actions["search"].setEnabled(bool(self.panel.classes.model.names) and still)
            self._actions["keep"].setEnabled(picture is not None)
            self._actions["keep"].setChecked(picture is not None and picture.pinned)
            self._actions["other"].setEnabled(picture is not None and not picture.pinned and still)
            self._actions["others"].setEnabled(bool(generation.unpinned()) and still)
            self._actions["before"].setEnabled(generation.can_turn(-1))
            self._actions["after"].setEnabled(generation.can_turn(1))
            self._actions["enlarge"].setEnabled(picture is not None)
            self._actions["save_all"].setEnabled(bool(generation.pictures))
        self._show_status()
        self.abilities_changed.emit()

    def view_state(self) -> GenerateViewState:
        """What is seen now, for the workspace that takes this one's place in another language."""
        look = Look.of(self.sheet, self.banner)
        return GenerateViewState(look, self.panel.fresh.isChecked(), self.sheet.alone)

    def restore_view_state(self, state: GenerateViewState) -> None:
        """Show the same again."""
        self.panel.fresh.setChecked(state.fresh)
        self.sheet.show_alone(state.alone)
        state.look.restore(self.sheet, self.banner)

    def _show_places(self) -> None:
        self._shown = self._generation.slots()
        if not self._shown:
            hint = self.tr(
                "The computer paints it out of nothing: first a few pixels, then more and more detail. "
                "Nothing leaves this computer."
            )
            if self.panel.pack is not None:
                self.sheet.clear(self.tr("Choose a class and press Generate"), hint)
            else:
                self.sheet.clear(self.tr("No installed model makes pictures"), "")
            return
        chosen = [n for n, place in enumerate(self._shown) if place.picture is self._chosen is not None]
        live = self._generation.live.sheet if self._generation.live is not None else None
        sides = [
            place.picture.photo.size[0]
            for place in self._shown
            if place.picture is not None and place.picture.photo is not None
        ]
        side = max([*sides, live.last if live is not None else 1])
        self.sheet.show_frames(tuple(map(self._frame, self._shown)), side, chosen[0] if chosen else None)

    def _frame(self, place: ImageSlot) -> SheetImage:
        picture = place.picture
        if picture is not None and picture.after is not None:
            label = phrases.picture_name(picture.subject, picture.seed)
            if picture.pinned:
                label = self.tr("{0}, kept").format(label)
            return SheetImage(picture.after, label, True, picture.pinned)
        live = self._generation.live.sheet if self._generation.live is not None else None
        assert live is not None, "a place without a picture is of the run that goes"
        return SheetImage(Pyramid((live.side, live.side), (live.images[place.number],)), done=False)

    @Slot()
    def _tell_estimate(self) -> None:
        """What a sheet would take with the options as they are."""
        if self.panel.pack is None:
            return
        estimate = None if self._generation.busy else self._generation.estimate(self.panel.options)
        self.panel.show_estimate(phrases.estimate_sentence(estimate))

    @Slot()
    def _show_progress(self) -> None:
        self._show_places()
        self._show_status()

    def _show_status(self) -> None:
        snapshots = generate_status(self._generation, self.panel.pack is not None)
        self.strip.show_fraction(snapshots.fraction)
        if (snapshots, self._generation.chosen) == self._stopped_in:
            self.strip.say(self._stopped)  # a picture came to the disk, say, and nothing else is new
            return
        self._stopped_in = None
        self.strip.say(snapshots.sentence, snapshots.aloud, details=snapshots.details)

    @Slot()
    def _on_ended(self) -> None:
        snapshots = generate_status(self._generation, self.panel.pack is not None)
        self._stopped_in = (snapshots, self._generation.chosen)
        self.strip.say(self._stopped, aloud=True)

    @property
    def _stopped(self) -> str:
        return self.tr("Stopped. The sheet is as it was.")

    @Slot(str, int, float)
    def _on_finished(self, name: str, count: int, seconds: float) -> None:
        text = self.tr("%n picture(s) made in {0}.", "", count).format(phrases.duration(seconds))
        self.strip.say(f"{text}  {self.strip.status.whole}", aloud=True)
