"""Photos of a folder job, as the journal gives them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from restorer.batch.schema import Item, ItemState


def item(item_id: int, state: ItemState = ItemState.WAITING, **values: object) -> Item:
    plain: dict[str, object] = dict.fromkeys(field.name for field in dataclasses.fields(Item))
    plain |= {
        "id": item_id,
        "source": Path(f"/a/{item_id}.png"),
        "page": 0,
        "output": Path(f"{item_id}_4x.png"),
    }
    plain |= {"state": state, "message": "", "width": 1000, "height": 1000}
    return Item(**plain | values)  # type: ignore[arg-type]
