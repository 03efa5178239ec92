"""The damage tool of one canvas: finds, draws, shows and fills what is marked on the photo in view.

    DamageBar, BrushTool --wishes--> DamageView --strokes--> MaskHistory --the mask--> DamageView
    DamageView --MarkedDamage--> DamageController (the document; the engine's thread finds and fills)
    DamageView --MaskMap--> MaskOverlay --pixels--> the canvas

In: the photo in view, the person's hands. Out: marks on the document. Opening and closing the tool are the
begin and the end of one step of the photo's history; the strokes between have a history of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from restorer.errors import RestorerError
from ui.app_core import AppCore
from ui.canvas.canvas import Canvas
from ui.controllers.damage.filling import fill_only
from ui.controllers.job_queue import JobKind
from ui.damage.bar import DamageBar
from ui.damage.brush_tool import BrushTool
from ui.damage.card import DamageCard
from ui.damage.mask_files import MaskFileDialog
from ui.damage.mask_history import MaskHistory
from ui.damage.mask_map import Box, MaskMap, share_of
from ui.damage.overlay import MaskOverlay
from ui.damage.stroke import Brush, Stroke
from ui.i18n.engine_messages import engine_message
from ui.i18n.phrases import share_text
from ui.model.document import Document
from ui.model.marked_damage import MarkedDamage
from ui.widgets.protocols import Messages

BORDER_SIDE = 720
"""Cells on the longer side of the map in which a damaged border is looked for."""


class DamageView(QObject):
    """Serves one canvas, in the language spoken now."""

    def __init__(
        self,
        core: AppCore,
        canvas: Canvas,
        bar: DamageBar,
        card: DamageCard,
        messages: Messages,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._core, self._canvas, self.bar, self._card = core, canvas, bar, card
        self._messages = messages
        self._files = MaskFileDialog(core.store, parent)
        self.overlay = MaskOverlay(canvas)
        self.brush = BrushTool(canvas, self.overlay, self)
        self._says = Brush.ADD
        self.document: Document | None = None  # on which the tool is open
        self.history: MaskHistory | None = None
        self._stroke: Stroke | None = None
        self._known: tuple[MarkedDamage, float] | None = None  # what is marked, and how much of the photo
        self._border_kept = False
        self.sentence = ""  # for the strip under the canvas, while the tool is open
        self.find = self._action(self.tr("Find &damage"), "F", self.find_damage)
        self.draw = self._action(self.tr("&Mark damage with the brush"), "M", self.open)
        self._keys = [
            self._action(self.tr("Damage: a smaller brush"), "[", self.brush.shrink),
            self._action(self.tr("Damage: a larger brush"), "]", self.brush.grow),
            self._action(self.tr("Damage: mark"), "A", lambda: self.choose(Brush.ADD)),
            self._action(self.tr("Damage: erase"), "E", lambda: self.choose(Brush.ERASE)),
            self._action(self.tr("Damage: never touch"), "N", lambda: self.choose(Brush.PROTECT)),
        ]
        bar.addActions(self._keys)
        self._connect()
        self._enable_keys(False)

    def _action(self, text: str, key: str, does: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(does)
        return action

    def _connect(self) -> None:
        bar, card, damage = self.bar, self._card, self._core.damage
        group = self._core.history.group
        bar.find_asked.connect(self.find_damage)
        bar.stop_asked.connect(damage.cancel)
        bar.fill_asked.connect(self.fill)
        bar.done_asked.connect(self.close)
        bar.undo_asked.connect(group.undo)
        bar.redo_asked.connect(group.redo)
        bar.clear_asked.connect(self.clear)
        bar.save_asked.connect(self._ask_target)
        bar.load_asked.connect(self._ask_source)
        bar.brush_chosen.connect(self.choose)
        bar.diameter_chosen.connect(self.brush.set_diameter)
        bar.thoroughness_moved.connect(self._set_thoroughness)
        bar.thoroughness.sliderReleased.connect(self._look_at_border)
        bar.crop_asked.connect(self.crop)
        bar.border_kept.connect(self._keep_border)
        card.find_asked.connect(self.find_damage)
        card.another_asked.connect(self.fill_anew)
        self.brush.began.connect(self._begin_stroke)
        self.brush.drawn.connect(self._draw_stroke)
        self.brush.ended.connect(self._end_stroke)
        self.brush.resized.connect(bar.diameter.setValue)
        damage.changed.connect(self._show_busy)
        damage.found.connect(self._on_found)
        self._core.history.stepping.connect(self.close)

    def retire(self) -> None:
        """Another one takes its place."""
        self.close()
        for sender in (self._core.damage, self._core.history):
            sender.disconnect(self)

    @property
    def actions(self) -> list[QAction]:
        """The commands for a menu."""
        return [self.find, self.draw]

    # Open and closed -------------------------------------------------------------------------

    def is_open(self, document: Document | None) -> bool:
        """Whether the mask of this photo is on the canvas."""
        return document is not None and document is self.document

    @Slot()
    def open(self) -> None:
        """Show the photo with its mask, and let the mouse draw."""
        document = self._core.session.current
        if document is None or document.photo is None or not document.at_rest or document.original is None:
            return
        if self.is_open(document) or self._core.damage.busy is JobKind.FILL:
            return
        self.close()
        self.document, self._border_kept = document, False
        self._core.session.keeps_view = True
        self._core.damage.begin(document)
        marked = self._core.damage.marks_of(document)
        self.history = MaskHistory(marked, self._put, self)
        self.history.stack.canUndoChanged.connect(self._show_steps)
        self.history.stack.canRedoChanged.connect(self._show_steps)
        self.overlay.masks, self.overlay.thoroughness = MaskMap(*marked.planes.read()), marked.thoroughness
        with QSignalBlocker(self.bar.thoroughness):
            self.bar.thoroughness.setValue(round(100 * marked.thoroughness))
        self._core.history.lend(self.history.stack)
        self._canvas.set_layer(self.overlay)
        self.brush.take()
        self._enable_keys(True)
        self.bar.border.hide()
        self.bar.show()
        self._show_steps()
        self._show_share()
        document.notify()  # the canvas shows the photo
        self._canvas.setFocus()
        self._say(self.tr("Draw over damage, or let it be found. What is marked is filled, all else stays."))

    @Slot()
    def close(self) -> bool:
        """Put the tool away; what is marked stays. False where it was not open."""
        document, history = self.document, self.history
        if document is None or history is None:
            return False
        self.document = self.history = self._stroke = None
        if self._core.damage.busy is JobKind.FIND:
            self._core.damage.cancel()
        self.brush.release()
        self._enable_keys(False)
        self._canvas.set_layer(None)
        self.overlay.masks = None
        self.bar.hide()
        self._core.session.keeps_view = False
        self._core.history.lend(None)
        self._core.damage.end()
        history.deleteLater()
        if document in self._core.session.documents:
            document.notify()
        self._canvas.setFocus()
        return True

    def cancel(self) -> bool:
        """Esc: close the tool, or stop filling; False where neither is going on."""
        if self.close():
            return True
        if self._core.damage.busy is None:
            return False
        self._core.damage.cancel()
        return True

    def follow(self, document: Document | None) -> None:
        """The photo in view was shown anew."""
        ready = document is not None and document.at_rest and not document.queued
        if self.document is not None and (not ready or document is not self.document):
            self.close()
        for action in self.actions:
            action.setEnabled(ready)
        anew = document is not None and ready and fill_only(document) and document.marked is not None
        self._card.show_state(self._words(document), ready, anew)

    def _words(self, document: Document | None) -> str:
        marked = document.marked if document is not None else None
        if document is None or marked is None or not marked.fits(document.photo):
            return ""
        if self._known is None or self._known[0] is not marked:
            try:
                self._known = marked, share_of(*marked.planes.read(), marked.thoroughness)
            except RestorerError:
                return ""
        share = self._known[1]
        if share == 0:
            return ""
        return self.tr("{0} of the photo is marked. A run fills it first.").format(share_text(share))

    def _say(self, sentence: str) -> None:
        self.sentence = sentence
        self._messages.status(sentence, True)

    def _enable_keys(self, on: bool) -> None:
        for action in self._keys:
            action.setEnabled(on)

    # Finding ---------------------------------------------------------------------------------

    @Slot()
    def find_damage(self) -> None:
        """Open the tool, and look for damage."""
        self.open()
        if self.document is not None:
            self._core.damage.find(self.document)

    @Slot()
    def _show_busy(self) -> None:
        busy = self._core.damage.busy
        self.bar.show_busy(busy is not None, busy is JobKind.FILL)
        if busy is JobKind.FIND:
            self._say(self.tr("Looking for damage…"))
        elif busy is JobKind.FILL:
            self._say(self.tr("Filling what is marked…"))
        self._show_share()

    @Slot(object, object)
    def _on_found(self, document: Document, marked: MarkedDamage) -> None:
        if self.history is None or document is not self.document:
            return
        self.history.replace(marked, self.tr("Damage found"))
        self._look_at_border()
        share = self.overlay.masks.share(marked.thoroughness) if self.overlay.masks is not None else 0.0
        sentence = self.tr("What was found is marked. The slider takes more or less of it.")
        if share == 0:
            sentence = self.tr("No damage was found. Move the slider to the right, or mark it by hand.")
        self._say(sentence)

    @Slot(float)
    def _set_thoroughness(self, thoroughness: float) -> None:
        if self.history is not None:
            self.overlay.thoroughness = thoroughness
            self.history.marked = replace(self.history.marked, thoroughness=thoroughness)
            self._keep(self.history.marked)
            self._canvas.update()

    # Drawing ---------------------------------------------------------------------------------

    @Slot(object)
    def choose(self, brush: Brush) -> None:
        """What the next stroke says."""
        self._says = brush
        self.bar.brushes[brush].setChecked(True)

    @Slot(float, float)
    def _begin_stroke(self, x: float, y: float) -> None:
        if self.history is not None:
            self._stroke = Stroke(self.history.marked.planes.read()[1], self._says, self.brush.radius)
            self._draw_stroke(x, y)

    @Slot(float, float)
    def _draw_stroke(self, x: float, y: float) -> None:
        if self._stroke is not None and self.history is not None and self.overlay.masks is not None:
            box = self._stroke.to(x, y)
            self.overlay.masks.update(self.history.marked.planes.read()[0], self._stroke.said, box)
            self._canvas.update()

    @Slot()
    def _end_stroke(self) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None and self.history is not None:
            names = {
                Brush.ADD: self.tr("Marked"),
                Brush.ERASE: self.tr("Erased"),
                Brush.PROTECT: self.tr("Protected"),
            }
            self.history.stroke(stroke, names[stroke.brush])
            self._look_at_border()

    @Slot()
    def clear(self) -> None:
        """Take all marks away."""
        if self.history is not None and not self.history.marked.is_empty:
            marked = self.history.marked
            none = MarkedDamage.none(marked.size)
            cleared = replace(none, thoroughness=marked.thoroughness, seed=marked.seed)
            self.history.replace(cleared, self.tr("Cleared"))
            self._look_at_border()

    def _put(self, marked: MarkedDamage, box: Box | None) -> None:
        """The mask after a step."""
        found, said = marked.planes.read()
        if self.history is not None and marked.thoroughness != self.overlay.thoroughness:
            # The slider is no step, so it stays where it is.
            marked = self.history.marked = replace(marked, thoroughness=self.overlay.thoroughness)
        if box is None or self.overlay.masks is None:
            self.overlay.masks = MaskMap(found, said)
        else:
            self.overlay.masks.update(found, said, box)
        self._keep(marked)
        self._canvas.update()

    def _keep(self, marked: MarkedDamage) -> None:
        if self.document is not None:
            self._core.damage.set_marked(self.document, marked)
        self._show_share()

    def _show_share(self) -> None:
        masks = self.overlay.masks
        if masks is None or self.history is None:
            return
        share = masks.share(self.overlay.thoroughness)
        self._known = self.history.marked, share
        text = self.tr("{0} marked").format(share_text(share)) if share else self.tr("Nothing marked")
        self.bar.show_share(text, share > 0)

    @Slot()
    def _show_steps(self) -> None:
        if self.history is not None:
            self.bar.show_steps(self.history.stack.canUndo(), self.history.stack.canRedo())

    # The border ------------------------------------------------------------------------------

    def _whole_part(self) -> Box | None:
        from restorer.damage.borders import whole_part

        if self.overlay.masks is None or self.document is None or self.document.photo is None:
            return None
        part = self.overlay.masks.small(BORDER_SIDE)
        return whole_part(part.marked(self.overlay.thoroughness), part.unit, self.document.photo.size)

    @Slot()
    def _look_at_border(self) -> None:
        """Offer to cut a damaged border off."""
        self.bar.border.setVisible(not self._border_kept and self._whole_part() is not None)

    @Slot()
    def _keep_border(self) -> None:
        self._border_kept = True
        self.bar.border.hide()

    @Slot()
    def crop(self) -> None:
        """Cut the damaged border off; what is marked goes with the photo."""
        from restorer.photo.edits import Crop

        box, document = self._whole_part(), self.document
        if box is None or document is None or document.photo is None:
            return
        width, height = document.photo.size
        self.close()
        self._core.history.edit(Crop(box[0] / width, box[1] / height, box[2] / width, box[3] / height))

    # Filling ---------------------------------------------------------------------------------

    @Slot()
    def fill(self) -> None:
        """Fill what is marked, and change nothing else."""
        document = self.document
        if document is not None:
            self.close()  # so that the marks come before the result in the photo's history
            self._core.damage.fill(document)

    @Slot()
    def fill_anew(self) -> None:
        """The same places with another seed."""
        document = self._core.session.current
        if document is not None:
            self._core.damage.fill(document, another=True)

    # Files -----------------------------------------------------------------------------------

    @Slot()
    def _ask_target(self) -> None:
        if self.document is not None:
            stem = Path(self.document.name).stem or self.tr("photo")
            self._files.ask_target(f"{stem}_mask.png", self.save)

    @Slot()
    def _ask_source(self) -> None:
        self._files.ask_source(self.load)

    def save(self, path: Path) -> None:
        """Write the mask; the dialog has asked about a file that is there."""
        from restorer.damage.mask import write_mask

        if self.history is None:
            return
        try:
            write_mask(self.history.marked.mask(), path, overwrite=True)
        except RestorerError as error:
            self._messages.error(engine_message(error))
        else:
            self._say(self.tr("The mask is saved as {0}.").format(path.name))

    def load(self, path: Path) -> None:
        """Take the mask of a file instead of this one."""
        from restorer.damage.mask import read_mask

        if self.history is None or self.document is None or self.document.photo is None:
            return
        try:
            mask = read_mask(path, self.document.photo)
        except RestorerError as error:
            self._messages.error(engine_message(error))
            return
        now = self.history.marked
        self.history.replace(MarkedDamage.of(mask, now.thoroughness, now.seed), self.tr("Mask loaded"))
        self._look_at_border()
