"""One face of the strip: before and after side by side, and what becomes of it.

In: a `FacePicture` and what is chosen for it. Out: `moving` while the slider is held, `chosen` when it is let
go or a button is pressed, `versions_asked`. While the slider moves the card mixes its two pictures itself.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from restorer.pipeline.request import FaceChoice
from ui.finish.sliders import ONE_STEP_MS
from ui.i18n.language import tr as _tr
from ui.widgets.plain_text import PlainLabel
from ui.workers.faces.pictures import FacePicture

AGREE = 2.0
"""Grey levels below which the seeds agree: rounding and grain alone come to about one."""


def draw_mixed(painter: QPainter, place: QRectF, under: QImage, over: QImage | None, strength: float) -> None:
    """A face in its place, with as much of its restoration as is taken."""
    factor = min(place.width() / under.width(), place.height() / under.height())
    size = QRectF(0, 0, under.width() * factor, under.height() * factor)
    size.moveCenter(place.center())
    painter.drawImage(size, under)
    if over is not None and strength > 0:
        painter.setOpacity(strength)
        painter.drawImage(size, over)
        painter.setOpacity(1.0)


class FacePair(QWidget):
    """The face in the photo, and as it is now."""

    def __init__(self, picture: FacePicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._choice = picture, FaceChoice(picture.result.number)
        unit = self.fontMetrics().height()
        self.setFixedSize(QSize(unit * 11, round(unit * 5.3)))

    def show_choice(self, choice: FaceChoice) -> None:
        self._choice = choice
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        half = self.width() / 2
        left = QRectF(0, 0, half - 2, self.height())
        draw_mixed(painter, left, self._picture.before, None, 0)
        over = version_image(self._picture, self._choice.seed)
        right = QRectF(half + 2, 0, half - 2, self.height())
        draw_mixed(painter, right, self._picture.after, over, self._choice.strength)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(round(half), 0, round(half), self.height())
        painter.end()


def version_image(picture: FacePicture, seed: int | None) -> QImage | None:
    """A face as a seed made it, the first where there is none of that seed; None where it was not
    restored."""
    if not picture.versions:
        return None
    return next((image for each, image in picture.versions if each == seed), picture.versions[0][1])


def spread_sentence(spread: float | None) -> str:
    """How far the seeds disagree about a face; empty where that is not known."""
    if spread is None:
        return ""
    if spread < AGREE:
        return _tr("Versions look alike")
    return _tr("Versions differ: partly a guess")


def spread_hint(spread: float | None) -> str:
    """The figure behind that sentence, and what it means; empty where it is not known."""
    if spread is None:
        return ""
    return _tr(
        "Other versions of this face differ by {0} of 255 grey levels. Where they differ, the photo does not "
        "tell what the face is like, and the model invented it."
    ).format(f"{spread:.1f}")


class FaceCard(QWidget):
    """Shows one face; a slider that is held is the person's until it is let go."""

    moving = Signal(object)  # a FaceChoice
    chosen = Signal(object, bool)  # a FaceChoice, and whether it belongs to the step before it
    versions_asked = Signal(int)  # the face's number

    def __init__(self, picture: FacePicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = picture
        self._choice = FaceChoice(picture.result.number)
        self._since, self._is_keyed = QElapsedTimer(), False
        unit = self.fontMetrics().height()
        name = self.tr("Face {0}").format(picture.result.number + 1)
        self.pair = FacePair(picture)
        self.pair.setAccessibleName(self.tr("{0}: in the photo, and as it is now").format(name))
        row = QHBoxLayout(self)
        row.setContentsMargins(unit // 3, 0, unit // 3, 0)
        row.setSpacing(unit // 2)
        row.addWidget(self.pair)
        column = QVBoxLayout()
        column.setSpacing(unit // 6)
        self._name, self.title = name, PlainLabel()
        column.addWidget(self.title)
        self.slider: QSlider | None = None
        if picture.versions:
            self._add_controls(column, unit)
        else:
            words = PlainLabel(self.tr("Left as it is:\ntoo small to be known"))
            words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            column.addWidget(words)
            column.addStretch(1)
        row.addLayout(column)
        self._tell()

    def _add_controls(self, column: QVBoxLayout, unit: int) -> None:
        self.slider = slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setPageStep(10)
        slider.setMinimumWidth(unit * 9)
        slider.setAccessibleName(self.tr("{0}: how much of the restoration is taken").format(self._name))
        slider.setToolTip(
            self.tr("To the left the face as the photo's model made it; to the right the restored one.")
        )
        slider.valueChanged.connect(self._on_value)
        slider.sliderReleased.connect(self._on_released)
        self.spread = PlainLabel(spread_sentence(self.picture.spread))
        self.spread.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.spread.setToolTip(spread_hint(self.picture.spread))
        self.others = QPushButton(self.tr("Others…"))
        self.others.setAccessibleName(self.tr("{0}: another version").format(self._name))
        self.others.setToolTip(self.tr("Other versions of this face: which one is it?"))
        self.others.clicked.connect(self._ask_versions)
        self.leave = QPushButton(self.tr("Leave it"))
        self.leave.setAccessibleName(self.tr("{0}: leave this face").format(self._name))
        self.leave.setToolTip(self.tr("Take nothing of the restoration of this face."))
        self.leave.clicked.connect(self._leave)
        column.addWidget(slider)
        column.addWidget(self.spread)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit // 3)
        buttons.addWidget(self.others)
        buttons.addWidget(self.leave)
        column.addLayout(buttons)

    @property
    def choice(self) -> FaceChoice:
        """As the card stands."""
        return self._choice

    def show_choice(self, choice: FaceChoice) -> None:
        """Stand as was chosen, unless the slider is held."""
        if self.slider is None or self.slider.isSliderDown():
            return
        self._choice = choice
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * choice.strength))
        self._tell()

    def _tell(self) -> None:
        self.pair.show_choice(self._choice)
        if self.slider is None:
            self.title.setText(self._name)
            return
        self.title.setText(self.tr("{0}: {1} %").format(self._name, round(100 * self._choice.strength)))
        self.leave.setEnabled(self._choice.strength > 0)

    def _taken(self, strength: float) -> FaceChoice:
        return FaceChoice(self._choice.face, strength, self._choice.seed)

    @Slot()
    def _on_value(self) -> None:
        assert self.slider is not None
        before, self._choice = self._choice, self._taken(self.slider.value() / 100)
        self._tell()
        if self.slider.isSliderDown():
            self._is_keyed = False
            self.moving.emit(self._choice)
        elif self._choice != before:
            quick = self._is_keyed and self._since.isValid() and self._since.elapsed() < ONE_STEP_MS
            self._is_keyed = True
            self._since.start()
            self.chosen.emit(self._choice, quick)

    @Slot()
    def _on_released(self) -> None:
        self._is_keyed = False  # a slider that was held is a step of its own
        self.chosen.emit(self._choice, False)

    @Slot()
    def _leave(self) -> None:
        self._is_keyed = False
        self.chosen.emit(self._taken(0.0), False)

    @Slot()
    def _ask_versions(self) -> None:
        self.versions_asked.emit(self._choice.face)
