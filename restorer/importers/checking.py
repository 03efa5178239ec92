"""Proof that an import is right: the pack's bare network on stored inputs, against stored outputs.

In: a pack and an `.npz` file with arrays named CASE_WHAT, NCHW, float32, pictures in [-1, 1]:

* SR3: `cond`, `x_noisy` (B, 3, H, W), `noise_level` (B, 1) = sqrt(gamma), and the network's answer `eps`;
* ADM: `x` (B, 3, H, W), `t` (B,) time steps, `y` (B,) classes, for upsamplers `low_res` (B, 3, h, w) not yet
  enlarged, and the network's answer `out` (B, 6, H, W);
* single-pass: `low` (B, 3, h, w) in [0, 1] and `out`.

Out: the largest difference of each case, in single precision on the processor.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restorer import kernels
from restorer.device import Device
from restorer.diffusion.public_denoisers import ADMDenoiser
from restorer.errors import PackError, RequestError
from restorer.packs import loader
from restorer.packs.pack import Pack

__all__ = ["TOLERANCE", "check"]

TOLERANCE = 1e-5
"""Drift between processors and libraries stays below it, every wrong reading of a file above."""
BYTES_MOST = 2 * 2**30

Arrays = Mapping[str, Tensor]


def check(pack: Pack, path: Path) -> dict[str, float]:
    """Largest absolute difference by case; infinite where the network says something that is no number.

    Raises RequestError if the file has no case for this kind of pack, PackError if pack or file is damaged.
    """
    kinds: dict[str, tuple[str, Callable[[Any, Arrays], Tensor]]] = {
        "sr3-eps": ("eps", _sr3),
        "adm-base": ("out", _adm),
        "adm-sr": ("out", _adm),
        "single-pass": ("out", lambda network, arrays: network(arrays["low"])),
    }
    if pack.kind not in kinds:
        raise RequestError(
            f"The model {pack.name} was not imported, so there is nothing to check it against."
        )
    answer, run = kinds[pack.kind]
    arrays = _arrays(path)
    cases = [name.removesuffix(f"_{answer}") for name in arrays if name.endswith(f"_{answer}")]
    if not cases:
        raise RequestError(
            f"{path} has no array that ends in _{answer}, the answers of a network of this kind."
        )
    network = loader.load(pack, Device("cpu", torch.device("cpu"), fast_bfloat16=False)).network
    # In the order of numbers that the outputs were recorded in: another order of adding drifts more.
    network = network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    differences = {}
    for case in cases:
        mine = {name.removeprefix(f"{case}_"): a for name, a in arrays.items() if name.startswith(f"{case}_")}
        try:
            with torch.inference_mode(), kernels.direct():
                found = run(network, mine)
        except KeyError as error:
            raise RequestError(f"{path} lacks the array {case}_{error.args[0]}.") from error
        except (RuntimeError, ValueError, IndexError) as error:
            brief = " ".join(str(error).split())[:160]
            raise RequestError(f"The arrays of {case} in {path} do not fit the network: {brief}.") from error
        if found.shape != mine[answer].shape:
            raise RequestError(
                f"{path}: {case}_{answer} has shape {tuple(mine[answer].shape)}, the network gives "
                f"{tuple(found.shape)}."
            )
        difference = float((found.double() - mine[answer].double()).abs().max())
        differences[case] = difference if math.isfinite(difference) else math.inf
    return differences


def _sr3(network: Any, arrays: Arrays) -> Tensor:
    both = torch.cat([arrays["cond"], arrays["x_noisy"]], dim=1)
    answer: Tensor = network(both, arrays["noise_level"].reshape(-1))
    return answer


def _adm(network: Any, arrays: Arrays) -> Tensor:
    x = arrays["x"]
    if network.config.in_channels == 6:
        low = arrays["low_res"]
        x = torch.cat([x, ADMDenoiser.enlarge(low, x.shape[-1] // low.shape[-1])], dim=1)
    answer: Tensor = network(x, arrays["t"], arrays["y"] if network.config.classes else None)
    return answer


def _arrays(path: Path) -> Arrays:
    """The numbers in an .npz file; objects in it are never unpickled."""
    damaged = f"{path} is no .npz file of plain arrays"
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > BYTES_MOST:
                raise RequestError(
                    f"{path} would take more than {BYTES_MOST >> 30} GiB of memory; give fewer cases."
                )
        with np.load(path, allow_pickle=False) as file:
            return {name: torch.from_numpy(file[name]) for name in file.files}
    except OSError as error:
        raise PackError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, ValueError, TypeError, EOFError, KeyError) as error:
        raise PackError(f"{damaged} ({' '.join(str(error).split())[:120]}).") from error
