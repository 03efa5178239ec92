"""The photos that were opened last, for the menu.

In: what comes into the row. Out: ten files that still exist, the newest first; `changed`. Kept in the store.
"""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from restorer import paths
from ui.model.session import Session

MOST = 10
KEY = "recent"


class RecentFiles(QObject):
    """Follows one session."""

    changed = Signal()

    def __init__(self, store: QSettings, session: Session) -> None:
        super().__init__(session)
        self._store, self._session = store, session
        self._noted: set[int] = set()  # keys of documents
        session.row_changed.connect(self._on_row)

    def paths(self) -> list[Path]:
        """The newest first; a file that is gone is left out, and comes back with its disk."""
        return [path for path in self._kept() if path.is_file()]

    def clear(self) -> None:
        self._keep([])

    def _kept(self) -> list[Path]:
        try:
            names = json.loads(str(self._store.value(KEY, "[]")))
        except ValueError:
            return []
        return [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def _keep(self, files: list[Path]) -> None:
        self._store.setValue(KEY, json.dumps([str(path) for path in files]))
        self.changed.emit()

    @Slot()
    def _on_row(self) -> None:
        new = [document for document in self._session.documents if document.key not in self._noted]
        self._noted.update(document.key for document in new)
        samples = paths.resources_dir()
        files = [document.path.absolute() for document in new if document.path is not None]
        files = [path for path in files if not path.is_relative_to(samples)]
        if files:
            self._keep(list(dict.fromkeys([*files, *self._kept()]))[:MOST])
