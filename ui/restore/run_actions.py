"""Commands for the run of the photo in view: pause, stop, region preview, resume.

In: the person's wishes from panel, canvas and menus. Out: calls to `AppCore.runs`, and what the run's own
controls show.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from restorer.memory import free_memory
from restorer.pipeline.forecast.run_warnings import concerns
from restorer.pipeline.plan import auto_clean_up
from ui.app_core import AppCore
from ui.canvas.canvas import Canvas
from ui.canvas.pane_layout import Pane
from ui.canvas.selection import RubberBand
from ui.i18n import phrases
from ui.imaging.pyramid import Pyramid
from ui.inputs.buttons import IconButton
from ui.last_session.recovery import Offer, sentence
from ui.model.document import Document, DocumentState
from ui.restore.control_panel import ControlPanel
from ui.restore.prompt import Prompt, stop_sentence
from ui.style.theme import canvas_palette
from ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from restorer.pipeline.forecast.estimates import RunEstimate
    from ui.workers.messages import RegionResult

PREVIEW_SIDES = (256, 1600)


class RunActions(QObject):
    """Owns these commands, the offer to go on where the last window ended, and the question before a run
    ends."""

    def __init__(
        self, core: AppCore, canvas: Canvas, panel: ControlPanel, status_bar: StatusBar, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._core, self._canvas, self._panel = core, canvas, panel
        self._divided: RegionResult | None = None  # the last region that the divider was put on
        runs, recovery = core.runs, core.recovery
        self.restore = self._action(self.tr("&Restore"), "Ctrl+R")
        self.pause = self._action(self.tr("Pa&use or go on"), "P")
        self.pause.triggered.connect(runs.pause)
        self.keep = self._action(self.tr("Stop here and &keep"), "Ctrl+E")
        self.keep.triggered.connect(runs.keep_here)
        self.region = self._action(self.tr("Try a re&gion…"), "R")
        self.region.setCheckable(True)
        self.region.toggled.connect(canvas.draw_region)
        self.offer = Prompt(
            canvas,
            (self.tr("Continue"), self.tr("Bring back what was open, and go on with what was interrupted.")),
            (self.tr("Forget it"), self.tr("Throw away what was kept of the last time.")),
        )
        self.stop = Prompt(
            canvas,
            (self.tr("Continue"), self.tr("Go on with this run (Esc).")),
            (self.tr("Discard"), self.tr("End this run without a result; the photo stays as it was.")),
            (self.tr("Keep"), self.tr("End this run; the picture you see is the result.")),
        )
        self._stopped: Document | None = None  # whose run waits for the answer
        self._was_paused = False  # before that was asked
        self.stop.accepted.connect(self._continue)
        self.stop.kept.connect(runs.keep_here)
        self.stop.refused.connect(self._discard)
        canvas.resized.connect(self.stop.place)
        for prompt in (self.offer, self.stop):
            prompt.setPalette(canvas_palette())
        panel.pause_asked.connect(runs.pause)
        panel.keep_asked.connect(runs.keep_here)
        panel.cancel_asked.connect(self.ask_to_stop)
        recovery.offered.connect(self._on_offered)
        self.offer.accepted.connect(self._go_on)
        self.offer.refused.connect(recovery.refuse)
        canvas.resized.connect(self.offer.place)
        canvas.region_drawn.connect(self._preview_region)
        self.region_button = IconButton(
            "region",
            self.tr("Try a region"),
            self.tr("See what the full run gives in a rectangle (R)."),
        )
        self.region_button.setCheckable(True)
        self.region_button.clicked.connect(self.region.setChecked)
        self.region.toggled.connect(self.region_button.setChecked)
        self.region.enabledChanged.connect(self.region_button.setEnabled)
        status_bar.hold(self.region_button)
        panel.settings_changed.connect(self._on_settings)
        core.wear.estimated.connect(self._tell_estimate)
        runs.learned.connect(self._tell_estimate)
        canvas.picked.connect(self._pick)
        panel.variations.picked.connect(self._pick)
        panel.variations.grid_asked.connect(self._show_all)
        recovery.offer_again()

    def _action(self, text: str, key: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        return action

    @property
    def actions(self) -> list[QAction]:
        return [self.restore, self.pause, self.keep, self.region]

    def preview_side(self) -> int:
        """How large previews are worth having: the canvas' longer side in device pixels."""
        canvas = self._canvas
        longest = round(max(canvas.width(), canvas.height()) * canvas.devicePixelRatioF())
        return min(max(longest, PREVIEW_SIDES[0]), PREVIEW_SIDES[1])

    def show_run(self, document: Document | None, can_restore: bool) -> None:
        """What can be asked of the run in view."""
        running = document is not None and document.running
        paused = document is not None and document.state is DocumentState.PAUSED
        cancelling = document is not None and document.state is DocumentState.CANCELLING
        can_keep = document is not None and document.can_keep
        self._panel.run_buttons.show_run(running, paused, cancelling, can_keep)
        if not paused or document is not self._stopped:
            self._stopped = None
            self.stop.hide()
        self.restore.setEnabled(can_restore)
        self.pause.setEnabled(running and not cancelling)
        self.keep.setEnabled(can_keep)
        self.region.setEnabled(can_restore)
        if not can_restore:
            self.region.setChecked(False)
        varied = document.varied if document is not None and document.at_rest else None
        seeds = tuple(done.seed for done in varied.dones) if varied is not None else ()
        chosen, choosing = (document.chosen, document.choosing) if document is not None else (0, False)
        self._panel.variations.show_choice(seeds, chosen, choosing)

        if not running:
            self._tell_estimate()

    @Slot()
    def _tell_estimate(self) -> None:
        """What a run would take with the settings as they are, and how worn the photo is taken to be."""
        document = self._core.session.current
        settings, wear = self._panel.settings, self._core.wear.estimate_of(document)
        estimate = self._core.runs.estimate(document, settings, wear)
        self._panel.show_estimate(phrases.estimate_sentence(estimate))
        self._panel.show_warning(self._warning(document, estimate))
        if self._panel.clean_up.isEnabledTo(self._panel):  # else no network would be told
            if wear is not None and settings.model is None:
                wear = auto_clean_up(wear)
            self._panel.clean_up.show_estimate(wear)

    def _warning(self, document: Document | None, estimate: RunEstimate | None) -> str:
        """What speaks against a run of the photo in view with the settings as they are."""
        if document is None or document.photo is None or document.running or document.queued:
            return ""
        settings = self._panel.settings
        found = concerns(document.photo.size, settings.scale, estimate, free_memory())
        small = self._core.wear.small_faces_of(document) if settings.scale > 1 else 0
        sentences = [phrases.concern_sentence(concern) for concern in found]
        return " ".join(filter(None, [*sentences, phrases.small_faces_sentence(small, settings.faces)]))

    def show_trial(self, document: Document) -> bool:
        """Show the region that was tried or the variations, if there are such."""
        if document.region is not None and document.original is not None:
            self._canvas.show_photo(document.original)
            self._canvas.frame(document.region)
            return True
        varied = document.varied
        if document.patch is None and varied is not None and document.choosing:
            panes = tuple(
                Pane(self.tr("Version {0}").format(place + 1), picture)
                for place, picture in enumerate(self._pictures(document))
            )
            self._canvas.show_variations(panes, document.chosen)
            return True
        patch = document.patch
        if patch is None or document.original is None or document.photo is None:
            return False
        left, top, width, height = (side * patch.scale for side in patch.box)
        size = document.photo.size[0] * patch.scale, document.photo.size[1] * patch.scale
        box = (left, top, width, height)
        old = self.tr("After, with earlier settings") if self.patch_is_old(document) else ""
        self._canvas.show_patch(document.original, patch.picture, box, size, old)
        if patch is not self._divided:
            self._divided = patch
            self._canvas.divide_at(box)
        return True

    def patch_is_old(self, document: Document) -> bool:
        """Whether a setting that the region was made with has changed since."""
        made_with = replace(document.patch_options, variations=1)
        return document.patch is not None and replace(self._panel.settings, variations=1) != made_with

    @Slot()
    def _on_settings(self) -> None:
        document = self._core.session.current
        if document is not None and document.patch is not None and document.at_rest:
            document.notify()  # it may have become old, or is true again
        self._tell_estimate()

    def _pictures(self, document: Document) -> tuple[Pyramid, ...]:
        """The variations as they are finished, where that is known."""
        finished, varied = document.finished, document.varied
        assert varied is not None, "only variations are asked for"
        return finished.pictures if finished is not None and document.finish.changes else varied.pictures

    @Slot()
    def ask_to_stop(self) -> None:
        """Let the run of the photo in view wait, and ask what is to become of it. A photo that only waits for
        its turn, or of which a region is tried, has no work to lose: that ends at once."""
        runs, document = self._core.runs, self._core.session.current
        if document is None or document.state is DocumentState.CANCELLING:
            return
        if document.queued or document.region is not None:
            runs.cancel(document)
        elif document.running and self._stopped is None:
            self._stopped, self._was_paused = document, document.state is DocumentState.PAUSED
            if not self._was_paused:
                runs.pause()
            self.stop.keep.setVisible(document.can_keep)
            self.stop.ask(stop_sentence(document.live.progress if document.live is not None else None))
            self.stop.yes.setFocus()

    @Slot()
    def _continue(self) -> None:
        """The run goes on, even one that was paused before the question came."""
        self._was_paused = False
        self.dismiss_stop()

    @Slot()
    def dismiss_stop(self) -> bool:
        """Take the question away, and let the run be as it was before; False where nothing is asked."""
        if self._stopped is None:
            return False
        self._stopped = None
        self._panel.run_buttons.pause.setFocus()  # else the focus goes to whatever comes next in the window
        self.stop.hide()
        if not self._was_paused:
            self._core.runs.pause()  # which goes on
        return True

    @Slot()
    def _discard(self) -> None:
        self._core.runs.cancel(self._core.session.current)

    @Slot(object)
    def _preview_region(self, band: RubberBand | None) -> None:
        """A rectangle was drawn: make what the whole run would give there."""
        self.region.setChecked(False)
        runs, document = self._core.runs, self._core.session.current
        if band is not None and runs.queue.folder_active:
            runs.noted.emit(
                self.tr("A folder is being restored. Pause it in its window, then draw the region again.")
            )
        elif band is not None and runs.queue.active is not None:
            runs.noted.emit(
                self.tr(
                    "Another photo is being restored. Draw the region again when it is done, or cancel it."
                )
            )
        elif band is not None and document is not None and document.photo is not None:
            box = band.box(document.photo.size)
            if box is not None:
                runs.preview_region(document, self._panel.settings, box)

    @Slot(int)
    def _pick(self, number: int) -> None:
        if self._core.session.current is not None:
            self._core.session.current.pick(number)

    @Slot(bool)
    def _show_all(self, on: bool) -> None:
        if self._core.session.current is not None:
            self._core.session.current.show_all(on)

    @Slot(object)
    def _on_offered(self, offer: Offer | None) -> None:
        """What was open the last time can come back."""
        if offer is None:
            self.offer.hide()
        else:
            self.offer.ask(sentence(offer))

    @Slot()
    def _go_on(self) -> None:
        self._core.recovery.accept(self.preview_side())
