"""Shows the faces of the result in view in their strip, and does what is asked there.

    FaceStrip --a FaceChoice--> FaceView --a Finish--> FinishView: the canvas at once, and a step of the
    history FaceView --asks for pictures--> thread of the finish --FacePictures--> FaceStrip
    VersionDialog --three more--> FaceVersions --> engine thread --> Result.more_faces

In: the photo in view. Out: cards under the canvas. A face is part of a result's finish, as strength and grain
are, so that undo, saving and the clipboard know it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from restorer.errors import RestorerError
from restorer.packs import catalog
from restorer.pipeline.events import Treatment
from restorer.pipeline.finish import Finish
from restorer.pipeline.request import FaceChoice
from ui.app_core import AppCore
from ui.finish.face_strip import FaceStrip
from ui.finish.version_dialog import VersionDialog
from ui.finish.view import FinishView
from ui.model.document import Document
from ui.workers.faces.pictures import FacePicture, FacePictures

KEY = "face_strip"
"""In the settings: "1" or "0", whether the person wants the strip; nothing where nobody has said so."""


class FaceView(QObject):
    """Serves one strip.

    action: whether it is there. Until the person says so, it takes room under the photo only where faces were
    restored; said once, it counts for protected faces, too.
    """

    def __init__(self, core: AppCore, strip: FaceStrip, finish: FinishView, parent: QWidget) -> None:
        super().__init__(parent)
        self._core, self._strip, self._finish, self._parent = core, strip, finish, parent
        self._known: FacePictures | None = None
        self._asked: tuple[object, object] | None = None  # the result, and the versions made since
        self._dialog: VersionDialog | None = None
        self.action = QAction(self.tr("&Faces under the photo"), self)
        self.action.setCheckable(True)
        self._wanted = str(core.store.value(KEY, ""))
        self.action.setChecked(self._wanted == "1")
        self.action.toggled.connect(self._on_toggled)
        core.finisher.faced.connect(self._on_pictures)
        core.faces.made.connect(self._on_made)
        core.faces.ended.connect(self._on_ended)
        strip.moving.connect(self._try)
        strip.chosen.connect(self._choose)
        strip.versions_asked.connect(self._ask_versions)

    def retire(self) -> None:
        """Another one takes its place."""
        for sender in (self._core.finisher, self._core.faces):
            sender.disconnect(self)
        if self._dialog is not None:
            self._dialog.close()

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        self._wanted = str(int(on))
        self._core.store.setValue(KEY, self._wanted)
        self.follow(self._core.session.current)

    def follow(self, document: Document | None) -> None:
        """The photo in view was shown anew."""
        document = document if document is not None and self._has_faces(document) else None
        if self._wanted not in ("0", "1"):
            with QSignalBlocker(self.action):
                self.action.setChecked(document is not None)
        if document is None or document.result is None or document.record is None:
            self._strip.hide()
            if self._dialog is not None:
                self._dialog.close()
            return
        known, asked = self._known, (document.result, document.record.more_faces)
        if known is not None and known.done is document.result:
            self._show(document, known)
        else:
            self._strip.hide()
        if self._asked != asked and document.photo is not None:
            self._asked = asked
            self._core.finisher.picture_faces(document.photo, document.result, document.record.more_faces)

    def _has_faces(self, document: Document) -> bool:
        if self._wanted == "0" or not document.shows_result or not document.at_rest:
            return False
        shown = {Treatment.RESTORED, Treatment.PROTECTED} if self._wanted == "1" else {Treatment.RESTORED}
        return document.result is not None and any(each.treatment in shown for each in document.result.faces)

    def _show(self, document: Document, pictures: FacePictures) -> None:
        self._strip.show_faces(pictures)
        self._strip.show_choices(self._choices(document, document.finish))
        self._strip.show_hint(self._hint(document))
        self._strip.show()

    def _choices(self, document: Document, finish: Finish) -> dict[int, FaceChoice]:
        from restorer.pipeline.faces.layers import chosen

        return chosen(document.result.faces, finish.faces) if document.result is not None else {}

    def _hint(self, document: Document) -> str:
        """What else can be done for faces."""
        assert document.result is not None
        treatments = [each.treatment for each in document.result.faces]
        restored, left = treatments.count(Treatment.RESTORED), treatments.count(Treatment.LEFT)
        try:
            catalog.face_restorer()
        except RestorerError:
            return self.tr("To restore faces, import a model for them: File > Models.")
        if left and not restored:
            return self.tr("Set Faces to “Restore them” under Advanced for the larger ones.")
        return self.tr("Left the photo, right the result.")

    # What the person asks for ----------------------------------------------------------------

    def _with(self, choice: FaceChoice) -> Finish | None:
        """The finish of the result in view with another choice for one face."""
        document = self._core.session.current
        if document is None or document.result is None:
            return None
        as_run = self._choices(document, Finish()).get(choice.face)
        return None if as_run is None else document.finish.with_face(choice, as_run)

    @Slot(object)
    def _try(self, choice: FaceChoice) -> None:
        finish = self._with(choice)
        if finish is not None:
            self._finish.try_finish(finish)

    @Slot(object, bool)
    def _choose(self, choice: FaceChoice, merges: bool) -> None:
        finish = self._with(choice)
        if finish is not None:
            self._finish.choose(finish, merges)

    @Slot(int)
    def _ask_versions(self, number: int) -> None:
        picture, document = self._picture(number), self._core.session.current
        if picture is None or document is None:
            return
        if self._dialog is not None:
            self._dialog.close()
        choice = self._choices(document, document.finish)[number]
        self._dialog = dialog = VersionDialog(picture, choice.seed, self._parent)
        dialog.show_busy(self._core.faces.busy)
        dialog.picked.connect(self._pick)
        dialog.more_asked.connect(self._ask_more)
        dialog.finished.connect(self._on_dialog_closed)
        dialog.open()

    def _picture(self, number: int) -> FacePicture | None:
        if self._known is None:
            return None
        return next((each for each in self._known.faces if each.result.number == number), None)

    @Slot(int)
    def _pick(self, seed: int) -> None:
        document = self._core.session.current
        if self._dialog is None or document is None:
            return
        number = self._dialog.number
        before = self._choices(document, document.finish).get(number)
        if before is not None:
            # Who picks a face wants to see it, also one that was left.
            self._choose(FaceChoice(number, before.strength or 1.0, seed), False)

    @Slot()
    def _ask_more(self) -> None:
        document = self._core.session.current
        if self._dialog is not None and document is not None:
            self._dialog.show_busy(True)
            self._core.faces.ask(document, self._dialog.number)
            self._dialog.show_busy(self._core.faces.busy)

    @Slot()
    def _on_dialog_closed(self) -> None:
        self._dialog = None

    # What the threads report -----------------------------------------------------------------

    @Slot(object, int)
    def _on_made(self, document: Document, number: int) -> None:
        if document is self._core.session.current:
            self.follow(document)

    @Slot()
    def _on_ended(self) -> None:
        if self._dialog is not None:
            self._dialog.show_busy(False)

    @Slot(object)
    def _on_pictures(self, pictures: FacePictures | None) -> None:
        document = self._core.session.current
        if pictures is None or document is None or document.result is not pictures.done:
            return
        self._known = pictures
        if self._has_faces(document):
            self._show(document, pictures)
        picture = self._picture(self._dialog.number) if self._dialog is not None else None
        if self._dialog is not None and picture is not None:
            seed = self._choices(document, document.finish)[self._dialog.number].seed
            self._dialog.show_versions(picture, seed)
            self._dialog.show_busy(self._core.faces.busy)
