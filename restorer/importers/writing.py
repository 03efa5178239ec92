"""A pack on disk, written tensor by tensor: safetensors, config, card.

In: named tensors (mapped from a file), what the config says. Out: a folder that appears whole or not at
all. One tensor at a time is in memory, so a checkpoint of any size costs no more than its largest tensor.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from restorer.errors import PackError
from restorer.packs.pack import CONFIG, WEIGHTS

__all__ = ["CARD", "write_pack"]

CARD = "CARD.md"
NAMES = {torch.float32: "F32", torch.float16: "F16"}


def write_pack(
    folder: Path,
    tensors: Mapping[str, Tensor],
    config: dict[str, Any],
    card: str,
    dtype: torch.dtype = torch.float32,
) -> Generator[tuple[int, int], None, None]:
    """Write the pack into `folder`, which must not exist; yields (bytes written, bytes in all) as it goes.

    `config` gets its "weights" entry here. Closing the iterator early leaves nothing behind. Raises PackError
    naming a tensor that holds values which are not numbers or do not fit `dtype`.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear(folder.parent)
        beside = Path(tempfile.mkdtemp(prefix=".import-", dir=folder.parent))
    except OSError as error:
        raise PackError(
            f"The pack cannot be written into {folder.parent} ({error.strerror}); make the folder writable."
        ) from error
    try:
        needed = sum(tensor.numel() for tensor in tensors.values()) * dtype.itemsize
        if needed > (free := shutil.disk_usage(beside).free):
            raise PackError(
                f"The pack needs {needed / 2**20:.0f} MiB, and only {free / 2**20:.0f} MiB are free where "
                f"{folder} is; make room there first."
            )
        digest, size = hashlib.sha256(), 0
        with (beside / WEIGHTS).open("wb") as file:
            header, total = _header(tensors, dtype)
            file.write(header)
            digest.update(header)
            for name, tensor in tensors.items():
                # Contiguous, because a tensor may lie in its file in another order.
                plain = tensor.detach().to(dtype).contiguous()
                if not torch.isfinite(plain).all():
                    if dtype == torch.float16 and torch.isfinite(tensor).all():
                        raise PackError(
                            f"The tensor {name} has numbers too large for half precision; import "
                            "without --half."
                        )
                    raise PackError(
                        f"The tensor {name} has values that are not numbers; the file is damaged, "
                        "download it again."
                    )
                data = plain.reshape(-1).numpy().data.cast("B")
                file.write(data)
                digest.update(data)
                size += len(data)
                yield size, total
            file.flush()
            os.fsync(file.fileno())
        weights = {
            "sha256": digest.hexdigest(),
            "bytes": len(header) + size,
            "dtype": str(dtype).removeprefix("torch."),
        }
        text = json.dumps(config | {"weights": weights}, indent=1, ensure_ascii=False) + "\n"
        (beside / CONFIG).write_text(text, "utf-8")
        (beside / CARD).write_text(card, "utf-8")
        beside.chmod(0o755)  # a temporary folder is its owner's alone
        try:
            beside.rename(folder)
        except OSError as error:
            raise PackError(f"There is already something at {folder}; choose another name.") from error
    except OSError as error:
        raise PackError(f"The pack cannot be written to {folder}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _clear(parent: Path) -> None:
    """Take away what imports left that were killed more than a day ago."""
    for path in parent.glob(".import-*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > 86400:
                shutil.rmtree(path)


def _header(tensors: Mapping[str, Tensor], dtype: torch.dtype) -> tuple[bytes, int]:
    """The head of a safetensors file (length, names, shapes, places) and the bytes of numbers after it."""
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    place = 0
    for name, tensor in tensors.items():
        end = place + tensor.numel() * dtype.itemsize
        entries[name] = {
            "dtype": NAMES[dtype],
            "shape": list(tensor.shape),
            "data_offsets": [place, end],
        }
        place = end
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text, place
