"""The table of a folder's photos, without a screen."""

from __future__ import annotations

import dataclasses
import html

from PySide6.QtCore import Qt

from restorer.batch.schema import ItemState
from tests.ui.batch_items import item
from ui.batch.table_model import MESSAGE, NAME, PICTURE, STATE, BatchTable


def test_the_table_shows_items_and_keeps_their_rows() -> None:
    pictures: list[int] = []

    def thumbnails(item_id: int) -> tuple[bytes | None, bytes | None]:
        pictures.append(item_id)
        return None, None

    table = BatchTable()
    table.show_items([item(1), item(2, ItemState.FAILED, message="It is damaged.")], thumbnails)
    table.update([item(1, ItemState.DONE, seconds=2.0), item(3)])
    assert table.rowCount() == 3
    assert [table.index(row, STATE).data() for row in range(3)] == ["Done", "Failed", "Waiting"]
    assert table.index(1, MESSAGE).data() == "It is damaged."
    assert table.index(2, NAME).data() == "3.png"
    table.index(0, PICTURE).data(Qt.ItemDataRole.DecorationRole)
    table.index(0, PICTURE).data(Qt.ItemDataRole.DecorationRole)
    table.index(2, PICTURE).data(Qt.ItemDataRole.DecorationRole)
    assert pictures == [1]  # asked once, and only of what is done


def test_a_message_has_its_room_for_what_is_wrong_and_the_tip_has_the_folder() -> None:
    table = BatchTable()
    broken = item(1, ItemState.FAILED)
    sentence = f"{broken.source} is empty. Copy it again from where it came."
    broken = dataclasses.replace(broken, message=sentence)
    table.show_items([broken], lambda _: (None, None))
    index = table.index(0, MESSAGE)
    assert index.data() == "1.png is empty. Copy it again from where it came."
    assert html.escape(sentence) in index.data(Qt.ItemDataRole.ToolTipRole)
