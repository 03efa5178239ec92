"""A file from elsewhere as named tensors, without trusting it.

In: the path of a `.pth`, `.pt`, `.ckpt` or `.safetensors` file. Out: `Checkpoint`, its tensors mapped from
the disk, not read. Nothing is unpickled but tensors (`torch.load(weights_only=True)`), and before that
the file must be a plain archive: stored, not compressed, so that it cannot grow, and its pickle asks for
nothing but weights (`opcodes`); every tensor must be no larger than what is stored for it, so that none is
made of nothing, and all together no larger than the file, but for a few that are shared. Whatever else it is,
it is refused with a sentence that names the file.
"""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from restorer import paths
from restorer.errors import PackError
from restorer.importers import opcodes

__all__ = ["Checkpoint", "read_checkpoint"]

WRAPPERS = ("params_ema", "params", "state_dict", "model", "ema", "model_state_dict")
"""Names under which programs put the weights of a network into a larger dictionary, best first."""
TENSORS_MOST = 20_000
SHARED_MOST = 4
"""Times the size of a file that its tensors may claim: some networks use a tensor under a few names."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """path: the file. tensors: by name, on the CPU, mapped from it. wrapper: the name that they were
    found under, if any."""

    path: Path
    tensors: dict[str, Tensor]
    wrapper: str = ""


def read_checkpoint(path: Path) -> Checkpoint:
    """The tensors in a file. Raises PackError with a sentence if it is damaged, hostile, or something
    else."""
    try:
        paths.check_plain(path)
        with path.open("rb") as file:
            start = file.read(16)
        if not start:
            raise PackError(f"{path} is empty; download it again.")
        if _is_safetensors(start, path.stat().st_size):
            return Checkpoint(path, _from_safetensors(path))
        if start[:2] == b"PK":
            return _from_archive(path)
    except OSError as error:
        raise PackError(f"{path} cannot be read: {error.strerror or error}.") from error
    if start[:1] == b"\x80":
        raise PackError(
            f"{path} is a pickle, which could run any program, or was saved by PyTorch before 1.6; "
            "ask its makers for a safetensors file, or save it again with a newer PyTorch where it came from."
        )
    if start.lstrip()[:1] == b"<":
        raise PackError(f"{path} is a web page, not a checkpoint; the download did not give the file itself.")
    raise PackError(
        f"{path} is no checkpoint: neither a PyTorch archive nor safetensors; choose another file."
    )


def _is_safetensors(start: bytes, size: int) -> bool:
    return len(start) > 8 and start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= size


def _from_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, "pt") as file:
            if len(file.keys()) > TENSORS_MOST:
                raise PackError(f"{path} holds {len(file.keys())} entries, more than any network here has.")
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, ValueError) as error:
        raise PackError(f"{path} is damaged or cut short ({error}); download it again.") from error


def _from_archive(path: Path) -> Checkpoint:
    _check_archive(path)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except pickle.UnpicklingError as error:
        what = str(error).split("Unsupported")[-1] if "Unsupported" in str(error) else str(error)
        brief = " ".join(what.split())[:120]
        raise PackError(
            f"{path} holds more than weights and was not opened, because that could run any program "
            f"({brief}); ask its makers for the weights alone, best as safetensors."
        ) from error
    except (RuntimeError, EOFError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        brief = " ".join(str(error).split())[:120]
        raise PackError(f"{path} is damaged or cut short ({brief}); download it again.") from error
    tensors, wrapper = _weights_in(content, path)
    for name, tensor in tensors.items():
        _check_tensor(path, name, tensor)
    claimed = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    if claimed > SHARED_MOST * path.stat().st_size:
        raise PackError(
            f"{path} has {len(tensors)} tensors of {claimed / 2**20:,.0f} MiB that share the numbers of "
            f"{path.stat().st_size / 2**20:,.1f} MiB; the file is damaged or hostile and was refused."
        )
    return Checkpoint(path, tensors, wrapper)


def _check_archive(path: Path) -> None:
    """Refuse an archive that could grow in memory, before anything in it is read."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_entries(path, entries)
            pickles = [entry for entry in entries if entry.filename.rsplit("/", 1)[-1] == "data.pkl"]
            opcodes.check(path, archive.read(pickles[0]))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise PackError(f"{path} is damaged or cut short ({error}); download it again.") from error


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    size = path.stat().st_size
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries) or (
        sum(entry.file_size for entry in entries) > size
    ):
        raise PackError(
            f"{path} is a compressed archive, which no checkpoint of PyTorch is, and was not opened; "
            "unpack it if it is a zip file with the checkpoint inside."
        )
    names = {entry.filename.rsplit("/", 1)[-1] for entry in entries}
    if "data.pkl" not in names:
        raise PackError(f"{path} is an archive, but none of PyTorch's; choose the checkpoint itself.")
    if "constants.pkl" in names:
        raise PackError(
            f"{path} is a TorchScript program, not weights; choose the file that holds the weights alone."
        )
    pickles = [entry for entry in entries if entry.filename.rsplit("/", 1)[-1] == "data.pkl"]
    # Of two, PyTorch might open the one that was not looked at.
    if len(pickles) > 1 or len({entry.filename for entry in entries}) < len(entries):
        raise PackError(f"{path} holds two files of one name; it is damaged or hostile and was refused.")
    if pickles[0].file_size > opcodes.MOST_BYTES:
        raise PackError(f"{path} names far more tensors than any network here has; choose another file.")


def _weights_in(content: Any, path: Path) -> tuple[dict[str, Tensor], str]:
    """The dictionary of tensors in what was loaded, itself or one level down."""
    if not isinstance(content, Mapping):
        raise PackError(f"{path} holds a {type(content).__name__}, not named tensors; choose another file.")
    if {"optimizer", "scheduler", "epoch"} <= set(map(str, content)):
        raise PackError(
            f"{path} is the state of a training run's optimiser, not a network; choose the file "
            "beside it that ends in _gen.pth."
        )
    wrapper = next((name for name in WRAPPERS if isinstance(content.get(name), Mapping)), "")
    inner = content[wrapper] if wrapper else content
    if len(inner) > TENSORS_MOST:
        raise PackError(f"{path} holds {len(inner)} entries, more than any network here has.")
    for name, value in inner.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            raise PackError(
                f"{path} has under {str(name)[:80]!r} a {type(value).__name__} where a named tensor belongs; "
                "choose a file that holds one network's weights alone."
            )
    if not inner:
        raise PackError(f"{path} holds no tensors; choose another file.")
    return dict(inner), wrapper


def _check_tensor(path: Path, name: str, tensor: Tensor) -> None:
    """A tensor must be plain numbers that lie in the file in full."""
    where = f"The tensor {name} in {path}"
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta:
        raise PackError(f"{where} is not a plain one; export the network with plain weights.")
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise PackError(
            f"{where} claims {tensor.numel()} numbers of shape {tuple(tensor.shape)}, more than the "
            "file holds for it; the file is damaged or hostile and was refused."
        )
