"""What a window looks like at the moment, carried over to the window that is furnished in another language.

In: a window. Out: its room, how pictures are compared and looked at, what is unfolded, ticked, being cropped
or said in a banner; and the same given to its new parts. What belongs to photos and runs is the workshop's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton

from ui.canvas.pan_zoom import PanZoom
from ui.canvas.pane_layout import Mode
from ui.canvas.viewport import Viewport
from ui.widgets.banner import Banner, Said

if TYPE_CHECKING:
    from ui.main_window.window import Window


@dataclass(frozen=True)
class Look:
    """How one side is looked at, and the banner over it."""

    size: QSize
    view: Viewport
    said: Said | None
    focused: bool

    @classmethod
    def of(cls, looker: PanZoom, banner: Banner) -> Look:
        return cls(looker.size(), looker.view, banner.said, looker.hasFocus())

    def give(self, looker: PanZoom, banner: Banner) -> None:
        # The layout has not run yet; in another size the view would be pushed to an edge.
        looker.resize(self.size)
        if not looker.empty and looker.view.picture == self.view.picture:
            looker.set_view(self.view)
        looker.arrange()
        if self.said is not None and banner.said is None:
            banner.show_said(self.said)
        if self.focused:
            looker.setFocus()


@dataclass(frozen=True)
class ViewState:
    """All that is seen and not remembered elsewhere."""

    room: int
    restore: Look
    generate: Look
    mode: Mode
    divider: float
    ticked: tuple[bool, ...]
    alone: bool
    crop: tuple[float, QRectF] | None  # degrees, and the frame in shares of the picture

    @classmethod
    def of(cls, window: Window) -> ViewState:
        """What `window` shows now."""
        cropper = window.retouch.cropper
        return cls(
            room=window.rooms.currentIndex(),
            restore=Look.of(window.canvas, window.banner),
            generate=Look.of(window.generate.sheet, window.generate.banner),
            mode=window.canvas.mode,
            divider=window.canvas.divider,
            ticked=tuple(one.isChecked() for one in _switches(window)),
            alone=window.generate.sheet.alone,
            crop=(cropper.angle.value(), QRectF(cropper.sheet.frame)) if cropper is not None else None,
        )

    def give(self, window: Window) -> None:
        """Show the same in the new parts of `window`."""
        window.rooms.setCurrentIndex(self.room)
        window.canvas.set_mode(self.mode)
        window.compare.modes[self.mode].setChecked(True)
        window.canvas.set_divider(self.divider)
        for switch, on in zip(_switches(window), self.ticked, strict=True):
            switch.setChecked(on)
        window.generate.sheet.show_alone(self.alone)
        self.restore.give(window.canvas, window.banner)
        self.generate.give(window.generate.sheet, window.generate.banner)
        if self.crop is not None:
            window.retouch.crop()
            if window.retouch.cropper is not None:
                window.retouch.cropper.angle.setValue(self.crop[0])
                window.retouch.cropper.sheet.frame = self.crop[1]


def _switches(window: Window) -> tuple[QAction | QAbstractButton, ...]:
    """All that is on or off, and would be off in a new window or as it is by default."""
    panel, actions = window.panel, window.actions_
    return (
        panel.advanced.heading,
        panel.variations.map,
        window.generate.panel.fresh,
        window.compare.loupe,
        actions.before_only,
        actions.region,
    )
