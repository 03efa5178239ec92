"""Conducts runs for the window: pause, stop and keep, region previews, and runs that were left.

In: the person's wishes from panel, canvas and menus. Out: calls to the workshop, and what the run's own
controls show. A part of the window, in a file of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ui.canvas.pane_layout import Pane
from ui.canvas.selection import RubberBand
from ui.controllers.recovery import Recovery, sentence
from ui.i18n import phrases
from ui.model.document import Document, DocumentState
from ui.style.theme import canvas_palette
from ui.widgets.buttons import IconButton
from ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from restorer.pipeline.checkpoint import Unfinished
    from ui.main_window.window import Window

PREVIEW_SIDES = (256, 1600)


class RunActions(QObject):
    """Owns the offer to go on with runs that were left; made once the window's parts are there."""

    def __init__(self, window: Window, left: Recovery | None = None) -> None:
        super().__init__(window)
        self._window = window
        canvas, panel, workshop = window.canvas, window.panel, window.workshop
        self.offer = Prompt(
            canvas,
            (self.tr("Go on"), self.tr("Open the photo and go on with its restoration.")),
            (self.tr("Forget it"), self.tr("Throw away what was kept of this run.")),
        )
        self.offer.setPalette(canvas_palette())
        self.left = left or Recovery(workshop)
        panel.pause_asked.connect(workshop.pause)
        panel.keep_asked.connect(workshop.keep_here)
        panel.cancel_asked.connect(self.cancel)
        self.left.offered.connect(self._on_left)
        self.offer.accepted.connect(self._go_on)
        self.offer.refused.connect(self.left.refuse)
        canvas.resized.connect(self.offer.place)
        canvas.region_drawn.connect(self._preview_region)
        region = window.actions_.region
        self.region = IconButton(
            "region",
            self.tr("Try a region"),
            self.tr("See what the full run gives in a rectangle (R)."),
        )
        self.region.setCheckable(True)
        self.region.clicked.connect(region.setChecked)
        region.toggled.connect(self.region.setChecked)
        region.enabledChanged.connect(self.region.setEnabled)
        window.strip.hold(self.region)
        panel.settings_changed.connect(self._tell_estimate)
        workshop.learned.connect(self._tell_estimate)
        canvas.picked.connect(self._pick)
        panel.variations.picked.connect(self._pick)
        panel.variations.map_asked.connect(self._show_map)
        panel.variations.grid_asked.connect(self._show_all)
        if left is not None:
            left.offer_again()

    def preview_side(self) -> int:
        """How large previews are worth having: the canvas' longer side in device pixels."""
        canvas = self._window.canvas
        longest = round(max(canvas.width(), canvas.height()) * self._window.devicePixelRatioF())
        return min(max(longest, PREVIEW_SIDES[0]), PREVIEW_SIDES[1])

    def show_run(self, document: Document | None, can_restore: bool) -> None:
        """What can be asked of the run in view."""
        running = document is not None and document.running
        paused = document is not None and document.state is DocumentState.PAUSED
        cancelling = document is not None and document.state is DocumentState.CANCELLING
        can_keep = document is not None and document.can_keep
        self._window.panel.run_buttons.show_run(running, paused, cancelling, can_keep)
        actions = self._window.actions_
        actions.pause.setEnabled(running and not cancelling)
        actions.keep.setEnabled(can_keep)
        actions.region.setEnabled(can_restore)
        if not can_restore:
            actions.region.setChecked(False)
        varied = document.varied if document is not None and document.at_rest else None
        seeds = tuple(done.seed for done in varied.dones) if varied is not None else ()
        chosen, choosing = (document.chosen, document.choosing) if document is not None else (0, False)
        self._window.panel.variations.show_choice(seeds, chosen, choosing)

        if not running:
            self._tell_estimate()

    @Slot()
    def _tell_estimate(self) -> None:
        """What a run would take with the settings as they are."""
        window = self._window
        estimate = window.workshop.estimate(window.session.current, window.panel.settings)
        window.panel.show_estimate(phrases.estimate_sentence(estimate))

    def show_trial(self, document: Document) -> bool:
        """Show the region that was tried or the variations, if there are such."""
        if document.trying is not None and document.original is not None:
            self._window.canvas.show_photo(document.original)
            self._window.canvas.frame(document.trying)
            return True
        varied = document.varied
        if document.patch is None and varied is not None and document.choosing:
            panes = tuple(
                Pane(self.tr("Seed {0}").format(done.seed), picture)
                for done, picture in zip(varied.dones, varied.pictures, strict=True)
            )
            veil = varied.veil if self._window.panel.variations.map.isChecked() else None
            self._window.canvas.show_variations(panes, document.chosen, veil)
            return True
        patch = document.patch
        if patch is None or document.original is None or document.photo is None:
            return False
        left, top, width, height = (side * patch.scale for side in patch.box)
        size = document.photo.size[0] * patch.scale, document.photo.size[1] * patch.scale
        self._window.canvas.show_patch(document.original, patch.picture, (left, top, width, height), size)
        return True

    def put_away(self) -> None:
        """Esc: what lies over the picture goes first, the newest kind before the older; last the run of the
        photo in view. A run that is out of view is never ended from here."""
        window = self._window
        document, region = window.session.current, window.actions_.region
        if region.isChecked():
            region.setChecked(False)
        elif window.retouch.put_away() or (document is not None and document.lay_aside()):
            pass
        elif window.banner.isVisible():
            window.banner.hide()
        else:
            self.cancel()

    @Slot()
    def cancel(self) -> None:
        """End the waiting or the run of the photo in view."""
        self._window.workshop.cancel(self._window.session.current)

    @Slot(object)
    def _preview_region(self, band: RubberBand | None) -> None:
        """A rectangle was drawn: make what the whole run would give there."""
        window = self._window
        window.actions_.region.setChecked(False)
        document = window.session.current
        if band is not None and window.workshop.engine.lent:
            window.workshop.noted.emit(
                self.tr("A folder is being restored. Pause it in its window, then draw the region again.")
            )
        elif band is not None and window.workshop.engine.busy:
            window.workshop.noted.emit(
                self.tr(
                    "Another photo is being restored. Draw the region again when it is done, or cancel it."
                )
            )
        elif band is not None and document is not None and document.photo is not None:
            box = band.box(document.photo.size)
            if box is not None:
                window.workshop.preview_region(document, window.panel.settings, box)

    @Slot(int)
    def _pick(self, number: int) -> None:
        if self._window.session.current is not None:
            self._window.session.current.pick(number)

    @Slot(bool)
    def _show_map(self, on: bool) -> None:
        if self._window.session.current is not None:
            self._window.session.current.tell()

    @Slot(bool)
    def _show_all(self, on: bool) -> None:
        if self._window.session.current is not None:
            self._window.session.current.show_all(on)

    @Slot(object)
    def _on_left(self, run: Unfinished | None) -> None:
        """A run that was left can go on."""
        if run is None:
            self.offer.hide()
            return
        self.offer.ask(sentence(run))

    @Slot()
    def _go_on(self) -> None:
        self.left.accept(self.preview_side())
