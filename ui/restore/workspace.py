"""The restoring side of the window: canvas, panel, status bar and filmstrip, and who answers whom.

    person --> workspace --> AppCore (session, file thread, engine thread)
    AppCore --> signals --> workspace (methods of this QObject) --> canvas, panel, status bar

The workspace holds no picture and does no work: documents hold pictures, threads do the work. It is built
anew when the language changes; what has to stay is the core's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.app_core import AppCore
from ui.canvas.canvas import Canvas, region_hint
from ui.canvas.compare_tools import CompareTools
from ui.canvas.look import Look
from ui.canvas.pan_zoom import PanZoom
from ui.canvas.pane_layout import Mode
from ui.damage.bar import DamageBar
from ui.damage.view import DamageView
from ui.finish.face_strip import FaceStrip
from ui.finish.face_view import FaceView
from ui.finish.invented_view import InventedView
from ui.finish.view import FinishView
from ui.imaging.pyramid import picture_of
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions
from ui.restore.control_panel import ControlPanel
from ui.restore.edit_actions import EditActions
from ui.restore.photo_list_actions import PhotoListActions
from ui.restore.run_actions import RunActions
from ui.restore.status_text import compared_pictures, standing
from ui.restore.welcome import Welcome
from ui.saving.drag_out import DragOut
from ui.saving.save_controller import SaveController
from ui.style.theme import canvas_palette
from ui.widgets.banner import Banner
from ui.widgets.shared_actions import Abilities, SharedActions
from ui.widgets.status_bar import StatusBar
from ui.widgets.workspace_messages import WorkspaceMessages


@dataclass(frozen=True)
class RestoreViewState:
    """All that is seen here and remembered nowhere else. crop: degrees, and the frame in shares of the
    picture."""

    look: Look
    mode: Mode
    divider: float
    switches: tuple[bool, ...]
    crop: tuple[float, QRectF] | None


class RestoreWorkspace(QWidget):
    """One window's restoring side, in the language spoken now."""

    abilities_changed = Signal()
    title_changed = Signal(str, bool)  # of the window, and whether something is unsaved

    def __init__(
        self,
        core: AppCore,
        scales: tuple[int, ...],
        options: RestoreOptions,
        saver: SaveController,
        shared: SharedActions,
    ) -> None:
        super().__init__()
        self._core, self._session, self._saver = core, core.session, saver
        self.canvas = Canvas()
        self.welcome = Welcome(self.canvas)
        self.banner = Banner(self.canvas)
        for floating in (self.welcome, self.banner):
            floating.setPalette(canvas_palette())
        self.panel = ControlPanel(scales, options)
        self.strip = StatusBar()
        self.messages = WorkspaceMessages(self.banner, self.strip, self)
        self.drag_out = DragOut(core, self.strip.handle, self.messages)
        self.compare = CompareTools(self.canvas)
        self.strip.hold(self.compare.bar)
        self.edits = EditActions(core, self.canvas, self)
        self.runs = RunActions(core, self.canvas, self.panel, self.strip, self)
        self.finish = FinishView(core, self.canvas, self.panel.finish, self)
        self.face_strip = FaceStrip()
        self.faces = FaceView(core, self.face_strip, self.finish, self)
        box = self.panel.variations.map
        self.invented = InventedView(core, self.canvas, self.compare.invented, box, self)
        self.damage = DamageView(core, self.canvas, DamageBar(), self.panel.damage, self.messages, self)
        self.photos = PhotoListActions(core, self.panel, self.runs, self.edits, saver, shared, self)
        self.filmstrip = self.photos.filmstrip()
        self.abilities = Abilities()
        self._shown: Document | None = core.session.current  # for whom the panel is set
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.damage.bar)
        left.addWidget(self.face_strip)
        left.addWidget(self.strip)
        left.addWidget(self.filmstrip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.panel)

    def _connect(self) -> None:
        runs, session = self._core.runs, self._session
        self.welcome.open_asked.connect(self.photos.open_dialog)
        self.welcome.sample_asked.connect(self._core.opener.open_sample)
        self.runs.restore.triggered.connect(self.start)
        self.runs.region.toggled.connect(self._on_region)
        self.panel.restore_asked.connect(self.start)
        self.panel.save_asked.connect(self.save)
        self.panel.settings_changed.connect(self._note_settings)
        self.panel.step_asked.connect(session.step)
        self.strip.zoom_in_asked.connect(self.canvas.zoom_in)
        self.strip.zoom_out_asked.connect(self.canvas.zoom_out)
        self.strip.fit_asked.connect(self.canvas.zoom_to_fit)
        self.strip.true_pixels_asked.connect(self.true_pixels)
        self.canvas.resized.connect(self.welcome.place)
        self.canvas.resized.connect(self.banner.place)
        self.canvas.zoom_changed.connect(self.strip.show_zoom)
        session.current_changed.connect(self.show_current)
        session.row_changed.connect(self._show_row)
        session.changed.connect(self._show_change)
        session.settings_given.connect(self._on_settings_given)
        runs.progressed.connect(self._show_progress)
        runs.queue.changed.connect(self.show_state)
        runs.ended.connect(self._on_ended)
        self._core.finisher.copied.connect(self._on_copied)

    def retire(self) -> None:
        """Another one takes its place: let go of the photo in view."""
        runs = self._core.runs
        for sender in (runs, runs.queue, self._session, self._core.finisher):
            sender.disconnect(self)
        self.finish.retire()
        self.faces.retire()
        self.invented.retire()
        self.damage.retire()
        self.edits.close_cropper()  # a cropper that is open goes with its canvas

    # Commands --------------------------------------------------------------------------------

    def own_actions(self) -> list[QAction]:
        """The commands that make sense only while this workspace is in view."""
        compare = [self.compare.before_only, self.compare.loupe, self.compare.invented]
        tools = [*self.damage.actions, self.faces.action, *self.edits.actions]
        return [*self.runs.actions, *self.photos.actions, *compare, *tools]

    def own_groups(self) -> list[QActionGroup]:
        """Their groups."""
        return [self.compare.group]

    @property
    def viewer(self) -> PanZoom:
        return self.canvas

    @Slot()
    def start(self) -> None:
        """Restore the photo in view."""
        document = self._session.current
        if document is not None and self._can_restore():
            self.banner.hide()  # an older result stays in the photo's history
            self.edits.apply()
            self.damage.close()
            self._note_settings()
            self._core.runs.restore(document, self.panel.settings, self.runs.preview_side())

    def _can_restore(self) -> bool:
        return bool(self.panel.scales) and self._core.runs.can_restore(self._session.current)

    @Slot()
    def cancel(self) -> None:
        """Esc: what lies over the picture goes first, the newest kind before the older; last the run of the
        photo in view pauses, and its question comes. No run is ended, and one out of view goes on."""
        document, region = self._session.current, self.runs.region
        if region.isChecked():
            region.setChecked(False)
        elif (
            self.edits.close_cropper()
            or self.damage.cancel()
            or (document is not None and document.clear_overlay())
        ):
            pass
        elif self.banner.isVisible():
            self.banner.hide()
        elif not self.runs.dismiss_stop():
            self.runs.ask_to_stop()

    @Slot()
    def save(self) -> None:
        if self._session.current is not None and self._session.current.to_save is not None:
            self._saver.save(self._session.current)

    @Slot()
    def copy(self) -> None:
        document = self._session.current
        if document is None or document.after is None or document.result is None:
            return
        finishing = document.finishing()
        if finishing is None:
            self._on_copied(picture_of(document.result.photo, document.after))
        else:
            self._core.finisher.copy(document.result, finishing)

    @Slot(object)
    def _on_copied(self, image: QImage | None) -> None:
        if image is None:
            self.messages.error(self.tr("The result could not be put on the clipboard; the log says why."))
            return
        QGuiApplication.clipboard().setImage(image)
        self.strip.say(self.tr("The result is on the clipboard."), aloud=True)

    @Slot()
    def roll_seed(self) -> None:
        self.panel.roll_seed()

    @Slot()
    def true_pixels(self) -> None:
        self.canvas.zoom_to(1.0)

    @Slot(object)
    def _on_ended(self, document: Document) -> None:
        if document is self._session.current:
            self.strip.say(self.tr("Stopped. The photo is unchanged."), aloud=True)

    # Showing ---------------------------------------------------------------------------------

    @Slot()
    def show_current(self) -> None:
        """Another photo came into view, or none."""
        self.compare.before_only.setChecked(False)
        self._show_settings()
        self.banner.turn_to(self._session.current)
        self.canvas.clear()
        self._show_document()

    def _show_settings(self) -> None:
        """The panel as it was set for the photo in view; a new photo gets it as it stands, but no repair,
        which only a damaged photo wants."""
        document = self._session.current
        if document is not None and document is not self._shown:
            self.panel.show_settings(document.options or replace(self.panel.settings, repair=False))
            self._session.set_settings(self.panel.settings, is_own=False)
        self._shown = document

    @Slot(object)
    def _on_settings_given(self, document: Document) -> None:
        if document is self._session.current and document.options is not None:
            self.panel.show_settings(document.options)

    @Slot()
    def _note_settings(self) -> None:
        self._session.set_settings(self.panel.settings, is_own=True)

    @Slot(object)
    def _show_change(self, document: Document) -> None:
        if document is self._session.current:
            self._show_document()
        else:
            self.show_state()

    def _show_document(self) -> None:
        """The photo in view as it stands."""
        document, canvas = self._session.current, self.canvas
        if document is None:
            canvas.clear()
        elif document.state is DocumentState.READING:
            canvas.clear(self.tr("Opening {0}…").format(self._name()))
        elif document.state is DocumentState.FAILED:
            canvas.clear(self.tr("{0} cannot be opened.").format(self._name()))
        elif document.running and document.live is not None and document.live.image is not None:
            self._show_live(document)
        elif self.damage.is_open(document) and document.original is not None:
            canvas.show_photo(document.original)  # which is what is marked, whatever was made of it
        elif self.runs.show_trial(document):
            pass
        elif document.before is not None and document.after is not None:
            after = self.finish.pictures(document)[document.chosen]
            canvas.show_result(*compared_pictures(document, document.before, after))
        elif document.original is not None:
            canvas.show_photo(document.original)
        self.finish.follow(document)
        self.invented.follow(document)
        self.faces.follow(document)
        self.damage.follow(document)
        if document is not None and self.welcome.isAncestorOf(QApplication.focusWidget() or self):
            canvas.setFocus()  # where the keys of the picture are
        self.welcome.setVisible(document is None)
        self._show_row()
        self.show_state()

    def _show_live(self, document: Document) -> None:
        live = document.live
        if live is not None and live.image is not None and live.size is not None:
            several = live.progress is not None and live.progress.tiles > 1
            self.canvas.show_live(live.image, live.size, live.box if several else None)

    @Slot(object)
    def _show_progress(self, document: Document) -> None:
        if document is self._session.current:
            self._show_live(document)
            self._tell(document)
            self.runs.show_run(document, False)

    @Slot()
    def show_state(self) -> None:
        """Buttons, actions, status bar and title, after the photo in view."""
        document = self._session.current
        running = document is not None and (document.running or document.queued)
        has_result = document is not None and document.result is not None and document.at_rest
        can_restore, unsaved = self._can_restore(), document is not None and document.unsaved
        cancelling = document is not None and document.state is DocumentState.CANCELLING
        is_edited = document is not None and document.edited is not None and not document.queued
        self.panel.show_state(can_restore, running, cancelling, has_result or is_edited, unsaved)
        self.panel.name_save(is_edited)
        self.runs.show_run(document, can_restore)
        self.panel.show_result(document.result if document is not None and has_result else None)
        self.photos.enable_actions()
        has_region = document is not None and document.patch is not None and document.at_rest
        self.compare.offer_before_only(has_result or has_region)
        self.compare.offer_invented(has_result)
        self.edits.follow(document)
        self.abilities = Abilities(
            save=has_result or is_edited, copy=has_result, roll=not running, edited=is_edited
        )
        self.abilities_changed.emit()
        title = "Restorer" if document is None else self.tr("{0}[*]").format(self._name())
        self.title_changed.emit(title, unsaved)
        self._tell(document)
        self.drag_out.follow(document)  # which may have something to say

    def _tell(self, document: Document | None) -> None:
        """The status bar: where the photo in view stands, in words."""
        if self.runs.region.isChecked():
            self.strip.say(region_hint(), aloud=True)
            self.strip.show_fraction(None)
            return
        if self.damage.is_open(document):
            self.strip.say(self.damage.sentence, aloud=True)
            self.strip.show_fraction(None)
            return
        status = standing(document, self._core.runs, self._core.generation)
        if document is not None and document.at_rest and self.runs.patch_is_old(document):
            sentence = self.tr("A setting has changed since this region was made. Draw it again (R).")
            self.strip.say(sentence, aloud=True)
            return
        self.strip.say(status.sentence, status.aloud, status.short, status.details)
        self.strip.show_fraction(status.fraction)

    @Slot()
    def _on_region(self) -> None:
        self._tell(self._session.current)

    @Slot()
    def _show_row(self) -> None:
        document = self._session.current
        which, count = self._session.place()
        size = document.photo.size if document is not None and document.photo is not None else None
        self.panel.show_photo(self._name(), size, (which, count))
        self.photos.enable_actions()

    def _name(self) -> str:
        document = self._session.current
        if document is None:
            return ""
        return document.name or self.tr("Pasted picture")

    # Over a change of language ---------------------------------------------------------------

    def view_state(self) -> RestoreViewState:
        """What is seen now."""
        cropper = self.edits.cropper
        return RestoreViewState(
            look=Look.of(self.canvas, self.banner),
            mode=self.canvas.mode,
            divider=self.canvas.divider,
            switches=tuple(switch.isChecked() for switch in self._switches()),
            crop=(cropper.angle.value(), QRectF(cropper.sheet.frame)) if cropper is not None else None,
        )

    def restore_view_state(self, state: RestoreViewState) -> None:
        """Show the same again."""
        self.canvas.set_mode(state.mode)
        self.compare.modes[state.mode].setChecked(True)
        self.canvas.set_divider(state.divider)
        for switch, on in zip(self._switches(), state.switches, strict=True):
            switch.setChecked(on)
        state.look.restore(self.canvas, self.banner)
        if state.crop is not None:
            self.edits.crop()
            if self.edits.cropper is not None:
                self.edits.cropper.angle.setValue(state.crop[0])
                self.edits.cropper.sheet.frame = state.crop[1]

    def _switches(self) -> tuple[QAction | QAbstractButton, ...]:
        """All that is on or off, and would be off in a new workspace or as it is by default."""
        panel, compare = self.panel, self.compare
        return (
            panel.advanced.heading,
            compare.invented,
            compare.loupe,
            compare.before_only,
            self.runs.region,
        )
