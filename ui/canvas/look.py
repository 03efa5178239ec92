"""How a picture is looked at, carried over to the widget that takes its place in another language.

In: a view of a picture and the banner over it. Out: the same zoom, place, focus and sentence in new ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize

from ui.canvas.pan_zoom import PanZoom
from ui.canvas.viewport import Viewport
from ui.widgets.banner import Banner, BannerMessage


@dataclass(frozen=True)
class Look:
    """How one workspace is looked at, and the banner over it."""

    size: QSize
    view: Viewport
    message: BannerMessage | None
    focused: bool

    @classmethod
    def of(cls, viewer: PanZoom, banner: Banner) -> Look:
        return cls(viewer.size(), viewer.view, banner.message, viewer.hasFocus())

    def restore(self, viewer: PanZoom, banner: Banner) -> None:
        """Look at the new `viewer` as at the old one."""
        # The layout has not run yet; in another size the view would be pushed to an edge.
        viewer.resize(self.size)
        if not viewer.empty and viewer.view.picture == self.view.picture:
            viewer.set_view(self.view)
        viewer.arrange()
        if self.message is not None and banner.message is None:
            banner.show_message(self.message)
        if self.focused:
            viewer.setFocus()
