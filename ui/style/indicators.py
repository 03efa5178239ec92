"""How the application draws itself: Qt's Fusion style, with marks of its own for what is ticked or chosen.

In: Qt's requests to paint. Out: check boxes and radio buttons whose outline stands out from any palette;
Fusion makes it from the window's colour, a little darker, which a dark window swallows. Every colour is a
palette role or a mix of two, so the marks follow themes. Buttons of dialogs have no pictures: Qt draws them
in colours of its own, and for some buttons only. All else is left to Fusion.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget

from ui.style.colours import mixed

Element = QStyle.PrimitiveElement
State = QStyle.StateFlag
Role = QPalette.ColorRole

Standard = QStyle.StandardPixmap
DIALOG_BUTTONS = frozenset(
    (
        *(Standard.SP_DialogOkButton, Standard.SP_DialogCancelButton, Standard.SP_DialogCloseButton),
        *(Standard.SP_DialogYesButton, Standard.SP_DialogNoButton, Standard.SP_DialogHelpButton),
        *(Standard.SP_DialogOpenButton, Standard.SP_DialogSaveButton, Standard.SP_DialogApplyButton),
        *(Standard.SP_DialogResetButton, Standard.SP_DialogDiscardButton, Standard.SP_DialogRetryButton),
        *(Standard.SP_DialogAbortButton, Standard.SP_DialogIgnoreButton, Standard.SP_RestoreDefaultsButton),
        *(Standard.SP_DialogYesToAllButton, Standard.SP_DialogNoToAllButton, Standard.SP_DialogSaveAllButton),
    )
)

QUIET = 0.55  # share of the text's colour in the outline of what is switched off
CLEAR = 0.75  # and of what can be clicked


class Indicators(QProxyStyle):
    """Fusion, with outlines that can be seen."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element in (Element.PE_IndicatorCheckBox, Element.PE_IndicatorRadioButton):
            _paint_mark(option, painter, element == Element.PE_IndicatorRadioButton)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def standardIcon(
        self,
        standard_icon: QStyle.StandardPixmap,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> QIcon:
        if standard_icon in DIALOG_BUTTONS:
            return QIcon()
        return super().standardIcon(standard_icon, option, widget)


def _paint_mark(option: QStyleOption, painter: QPainter, is_round: bool) -> None:
    palette, state = option.palette, option.state
    enabled = bool(state & State.State_Enabled)
    hovered = enabled and bool(state & State.State_MouseOver)
    focused = bool(state & State.State_HasFocus)
    on, some = bool(state & State.State_On), bool(state & State.State_NoChange)
    face, outline, ink = _colours(palette, enabled, hovered, on or some)
    if enabled and state & State.State_Sunken:
        face = mixed(face, palette.color(Role.Shadow), 0.25)
    width = 1.2 if is_round else 1.0  # a thin curve is paler than a straight line
    if focused:
        outline, width = palette.color(Role.WindowText if on or some else Role.Highlight), 2.0
    elif state & State.State_Selected:  # a chosen row is filled with the highlight
        outline = palette.color(Role.HighlightedText)
    side = float(min(option.rect.width(), option.rect.height()))
    box = QRectF(0, 0, side, side)
    box.moveCenter(QRectF(option.rect).center())
    box.adjust(width / 2, width / 2, -width / 2, -width / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, width))
    painter.setBrush(face)
    radius = side / 2 if is_round else side * 0.18
    painter.drawRoundedRect(box, radius, radius)
    if is_round and on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(box.center(), side * 0.2, side * 0.2)
    elif some:
        painter.setPen(QPen(ink, side * 0.14))
        painter.drawLine(_at(box, 0.25, 0.5), _at(box, 0.75, 0.5))
    elif on:
        round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(ink, side * 0.14, Qt.PenStyle.SolidLine, round_cap, round_join))
        painter.drawPolyline(QPolygonF([_at(box, 0.24, 0.52), _at(box, 0.43, 0.71), _at(box, 0.77, 0.3)]))
    painter.restore()


def _colours(palette: QPalette, enabled: bool, hovered: bool, filled: bool) -> tuple[QColor, QColor, QColor]:
    """Face, outline, and the ink of what is drawn on the face."""
    group = QPalette.ColorGroup.Active
    window, text = palette.color(group, Role.Window), palette.color(group, Role.WindowText)
    if not enabled:
        quiet = mixed(window, text, QUIET)
        return (quiet if filled else window), quiet, window
    if filled:
        face = palette.color(group, Role.Highlight)
        face = mixed(face, text, 0.35) if hovered else face
        return face, face, palette.color(group, Role.HighlightedText)
    face = palette.color(group, Role.Base)
    outline = text if hovered else mixed(window, text, CLEAR)
    return (mixed(face, text, 0.12) if hovered else face), outline, outline


def _at(box: QRectF, across: float, down: float) -> QPointF:
    return QPointF(box.left() + across * box.width(), box.top() + down * box.height())
