"""The three pages of the study: what is studied, the trials, and what they came to.

In: the state of the study. Out: what the person wants, as signals. The window makes them anew when the
language changes.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from restorer.errors import RestorerError
from restorer.packs import catalog
from restorer.pipeline.study.subject import Subject
from ui.inputs.buttons import ActionButton
from ui.inputs.segmented import Segments
from ui.study.trial_view import TrialStage
from ui.study.trials import TRIALS, Side, StudySettings, Trials
from ui.widgets.labels import WrappedLabel, heading
from ui.widgets.plain_text import PlainLabel

SUBJECTS = (Subject.PHOTOS, Subject.FACES)


def _column(page: QWidget) -> QVBoxLayout:
    """A column of text that is not too wide to read, in the middle of the page."""
    unit = page.fontMetrics().height()
    inner = QWidget()
    inner.setMaximumWidth(unit * 40)
    column = QVBoxLayout(inner)
    column.setSpacing(round(unit * 0.8))
    across = QHBoxLayout(page)
    across.addStretch(1)
    across.addWidget(inner, 8)
    across.addStretch(1)
    return column


class SetupPage(QWidget):
    """What is studied, and with which originals."""

    folder_asked = Signal()
    begin_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        column = _column(self)
        column.addStretch(1)
        column.addWidget(heading(self.tr("Can people tell the model's pictures from a camera's?")))
        text = self.tr(
            "Two pictures stand side by side for 3 seconds: a photo, and what the model makes of a small "
            "copy of "
            "it. Say which one is from a camera. There are up to {0} trials, and you can stop at any time. "
            "Choose "
            "a folder of sharp photos that no program has enlarged."
        )
        column.addWidget(WrappedLabel(text.format(TRIALS)))
        self.choose = QPushButton(self.tr("Choose a folder…"))
        self.choose.setAccessibleName(self.choose.text())
        self.choose.setToolTip(
            self.tr("The photos in it and below it are the originals. They are only read.")
        )
        self.choose.clicked.connect(self.folder_asked)
        self.folder_name = WrappedLabel(muted=True)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.folder_name, 1)
        column.addLayout(row)
        self.subject = Segments(
            self.tr("Pictures"),
            [self.tr("Photos"), self.tr("Faces")],
            [
                self.tr("The middle of each photo."),
                self.tr("The largest face of each photo, turned upright."),
            ],
        )
        self.subject.choose(0)
        column.addWidget(heading(self.tr("Pictures"), self.subject))
        column.addWidget(self.subject)
        self.no_faces = WrappedLabel(
            self.tr("No model for faces is installed. The Models window imports one (File > Models)."),
            muted=True,
        )
        column.addWidget(self.no_faces)
        self.shows_input = QCheckBox(self.tr("Show the small copy between them"))
        self.shows_input.setAccessibleName(self.shows_input.text())
        self.shows_input.setToolTip(
            self.tr("The low-resolution picture that the model was given: then it also has to be true to it.")
        )
        column.addWidget(self.shows_input)
        self.problem = WrappedLabel()
        column.addWidget(self.problem)
        self.begin = ActionButton(self.tr("Begin"))
        self.begin.setAccessibleName(self.begin.text())
        self.begin.setToolTip(self.tr("Make the pictures and show the first pair as soon as it is there."))
        self.begin.set_primary(True)
        self.begin.clicked.connect(self.begin_asked)
        column.addWidget(self.begin)
        column.addStretch(1)
        self.refresh()
        self.show_problem("")

    @property
    def chosen(self) -> tuple[Subject, bool]:
        """What the pictures show, and whether the small copy is shown too."""
        return SUBJECTS[max(0, self.subject.choice)], self.shows_input.isChecked()

    def show_settings(self, settings: StudySettings, folder: Path | None) -> None:
        """Stand as a study was set."""
        self.subject.choose(SUBJECTS.index(settings.subject))
        self.shows_input.setChecked(settings.shows_input)
        self.show_folder(folder)
        self.refresh()

    def show_folder(self, folder: Path | None) -> None:
        self.folder = folder
        self.folder_name.setText(self.tr("No folder is chosen.") if folder is None else str(folder))
        self.begin.setEnabled(folder is not None)

    def show_problem(self, sentence: str) -> None:
        """Why there is no study; empty where nothing is wrong."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def refresh(self) -> None:
        """Models came or went."""
        try:
            catalog.face_restorer()
            able = True
        except RestorerError:
            able = False
        self.subject.offer((0, 1) if able else (0,))
        if not able:
            self.subject.choose(0)
        self.no_faces.setVisible(not able)
        self.show_folder(self.folder)


class TrialPage(QWidget):
    """One pair after the other. The arrow keys answer, as do the buttons and a click on a picture."""

    answered = Signal(object)  # a Side
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = self.fontMetrics().height()
        self.question = heading(self.tr("Which picture is from a camera?"))
        self.question.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        font = self.question.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.question.setFont(font)
        self.words = PlainLabel()
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.stage = TrialStage()
        self.stage.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.stage.setAccessibleName(self.tr("The two pictures"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Trials that are answered"))
        self.left = self._button(self.tr("◀ Left"), self.tr("The picture on the left is from a camera (←)."))
        self.right = self._button(
            self.tr("Right ▶"), self.tr("The picture on the right is from a camera (→).")
        )
        self.stop = QPushButton(self.tr("Stop here"))
        self.stop.setAccessibleName(self.stop.text())
        self.stop.setToolTip(self.tr("End the study; what is answered so far is kept (Esc)."))
        column = QVBoxLayout(self)
        column.setContentsMargins(unit, unit, unit, unit)
        column.setSpacing(unit // 2)
        column.addWidget(self.question)
        column.addWidget(self.stage, 1)
        column.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(unit)
        row.addWidget(self.left, 1)
        row.addWidget(self.right, 1)
        column.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self.bar, 1)
        below.addWidget(self.stop)
        column.addLayout(below)
        self.stage.chosen.connect(self.answered)
        self.left.clicked.connect(self._choose_left)
        self.right.clicked.connect(self._choose_right)
        self.stop.clicked.connect(self.stop_asked)
        for key, does in (
            (Qt.Key.Key_Left, self._choose_left),
            (Qt.Key.Key_Right, self._choose_right),
            (Qt.Key.Key_Escape, self.stop_asked),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(does)

    def _button(self, text: str, hint: str) -> ActionButton:
        button = ActionButton(text)
        button.setAccessibleName(text)
        button.setToolTip(hint)
        return button

    @Slot()
    def _choose_left(self) -> None:
        self.answered.emit(Side.LEFT)

    @Slot()
    def _choose_right(self) -> None:
        self.answered.emit(Side.RIGHT)

    def show_progress(self, answered: int, count: int, made: int) -> None:
        """Where the study stands; made: pairs that are there."""
        self.bar.setRange(0, max(1, count))
        self.bar.setValue(answered)
        if made > answered:
            self.words.setText(self.tr("Trial {0} of {1}").format(answered + 1, count))
        else:
            self.words.setText(
                self.tr("Making the pictures of trial {0} of {1}…").format(answered + 1, count)
            )

    def allow(self, on: bool) -> None:
        """Whether an answer can be given now."""
        for button in (self.left, self.right):
            button.setEnabled(on)


class ResultPage(QWidget):
    """What the trials came to."""

    save_asked = Signal()
    again_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = _column(self)
        column.addStretch(1)
        self.rate = heading("")
        font = self.rate.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        self.rate.setFont(font)
        self.words, self.meaning = WrappedLabel(), WrappedLabel(muted=True)
        column.addWidget(self.rate)
        column.addWidget(self.words)
        column.addWidget(self.meaning)
        self.told = WrappedLabel()
        self.save = ActionButton(self.tr("Save…"))
        self.save.setAccessibleName(self.save.text())
        self.save.setToolTip(self.tr("Save the result with all answers as JSON, or as a table (CSV)."))
        self.again = QPushButton(self.tr("Another study"))
        self.again.setAccessibleName(self.again.text())
        self.again.setToolTip(self.tr("Go back to the choice of pictures."))
        self.save.clicked.connect(self.save_asked)
        self.again.clicked.connect(self.again_asked)
        column.addWidget(self.told)
        column.addWidget(self.save)
        column.addWidget(self.again)
        column.addStretch(1)

    def show_result(self, trials: Trials, model: str) -> None:
        """The confusion rate of a study, or of as much of it as there is."""
        count, (low, high) = len(trials.answers), trials.interval
        self.rate.setText(self.tr("Confusion rate {0} %").format(round(100 * trials.rate)))
        words = self.tr(
            "In {0} of {1} trials the picture of the model {2} was taken for the camera's. With 95 % "
            "certainty the "
            "rate lies between {3} % and {4} %."
        )
        figures = trials.confused, count, model, round(100 * low), round(100 * high)
        self.words.setText(words.format(*figures))
        self.meaning.setText(
            self.tr(
                "At 50 % nobody can tell them apart; at 0 % everybody can. In the paper of SR3 faces came "
                "close to "
                "50 % and photos to 40 %."
            )
        )

    def show_saved(self, sentence: str, is_saved: bool) -> None:
        """What became of saving; empty before."""
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))
        self.save.set_primary(not is_saved)
