"""The quick convolutions are convolutions: values, gradients, edges; and all is well without them."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from restorer import kernels
from restorer.kernels import Conv2d, compiling, reordered_weights
from restorer.kernels import gradients as _gradients  # noqa: F401  makes the layer differentiable

compiled = pytest.mark.skipif(kernels.library is None, reason="there is no C compiler here")
ROOT = Path(__file__).resolve().parent.parent


def off(a: Tensor, b: Tensor) -> float:
    """Size of the difference over the size of the values."""
    return float((a - b).norm() / b.norm())


def both(layer: Conv2d, x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Result and gradients by the quick and by torch's own way."""

    def run() -> list[Tensor]:
        result = layer(x)
        wanted = [value for value in (x, layer.weight, layer.bias) if value is not None]
        return [result.detach(), *torch.autograd.grad(result.sin().sum(), wanted)]

    quick = run()
    with kernels.direct():
        return quick, run()


@compiled
@pytest.mark.parametrize(
    ("count", "inside", "outside", "height", "width"),
    [
        (3, 32, 48, 24, 20),
        (1, 16, 16, 33, 35),
        (1, 264, 136, 14, 13),
        (20, 192, 128, 6, 6),
        (9, 64, 16, 12, 12),
        (1, 24, 40, 37, 64),
        (2, 8, 136, 64, 23),
    ],
)
@pytest.mark.parametrize("bias", [True, False])
def test_values_and_gradients_are_those_of_torch(
    count: int, inside: int, outside: int, height: int, width: int, bias: bool
) -> None:
    torch.manual_seed(0)
    layer = Conv2d(inside, outside, 3, padding=1, bias=bias)
    x = torch.randn(count, inside, height, width, requires_grad=True)
    assert kernels.pays(x.shape)
    for quick, plain in zip(*both(layer, x), strict=True):
        assert quick.shape == plain.shape
        assert 0 < off(quick, plain) < 1e-5


@compiled
def test_the_gradient_agrees_with_differences_in_double_precision() -> None:
    torch.manual_seed(1)
    layer = Conv2d(16, 16, 3, padding=1)
    x = torch.randn(1, 16, 40, 40, requires_grad=True)
    (grad,) = torch.autograd.grad(layer(x).square().sum(), x)
    direction = torch.randn_like(x).double()
    exact = nn.Conv2d(16, 16, 3, padding=1).double()
    exact.load_state_dict({name: value.double() for name, value in layer.state_dict().items()})
    high, low = (exact(x.double() + step * direction).square().sum() for step in (1e-6, -1e-6))
    slope = float((high - low).detach()) / 2e-6
    assert float((grad.double() * direction).sum()) == pytest.approx(slope, rel=1e-4)


@compiled
def test_one_picture_of_a_batch_is_the_picture_alone() -> None:
    torch.manual_seed(2)
    layer, x = Conv2d(32, 32, 3, padding=1), torch.randn(3, 32, 40, 48)
    with torch.inference_mode():
        assert torch.equal(layer(x)[1:2], layer(x[1:2]))


@compiled
def test_threads_do_not_change_the_numbers() -> None:
    torch.manual_seed(3)
    layer, x = Conv2d(32, 32, 3, padding=1), torch.randn(2, 32, 40, 48)
    before = torch.get_num_threads()
    try:
        with torch.inference_mode():
            results = []
            for threads in (1, 2, 3):
                torch.set_num_threads(threads)
                results.append(layer(x))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(results[0], results[1])
    assert torch.equal(results[0], results[2])


@compiled
def test_edges_see_zeros_and_nothing_beside_the_picture() -> None:
    layer = Conv2d(16, 16, 3, padding=1, bias=False)
    nn.init.ones_(layer.weight)
    with torch.inference_mode():
        result = layer(torch.ones(1, 16, 33, 34))
    assert float(result[0, 0, 0, 0]) == pytest.approx(4 * 16, rel=1e-5)
    assert float(result[0, 0, 0, 5]) == pytest.approx(6 * 16, rel=1e-5)
    assert float(result[0, 0, 32, 33]) == pytest.approx(4 * 16, rel=1e-5)
    assert float(result[0, 0, 16, 16]) == pytest.approx(9 * 16, rel=1e-5)


@compiled
@pytest.mark.parametrize("told", [True, False])
def test_normalisation_with_silu_is_that_of_torch(told: bool) -> None:
    torch.manual_seed(4)
    x, gain = 3 * torch.randn(2, 24, 7, 9), torch.randn(24)
    x[0, :, 0, 0], x[1, :, 3, 3] = 0, 1e4
    more = (40 * torch.randn(2, 24, 1, 1), 40 * torch.randn(2, 24, 1, 1)) if told else ()
    with torch.inference_mode():
        quick = kernels.norm_silu(x, gain, *more)
        with kernels.direct():
            plain = kernels.norm_silu(x, gain, *more)
    assert 0 < off(quick, plain) < 1e-6
    assert torch.allclose(quick, plain, rtol=1e-5, atol=1e-6)
    assert quick.isfinite().all()


@compiled
@pytest.mark.parametrize("told", [True, False])
def test_in_bfloat16_normalisation_with_silu_rounds_once(told: bool) -> None:
    torch.manual_seed(4)
    x, gain = (3 * torch.randn(2, 24, 7, 9)).bfloat16(), torch.randn(24).bfloat16()
    x[0, :, 0, 0], x[1, :, 3, 3] = 0, 1e4
    more = tuple(torch.randn(2, 24, 1, 1).bfloat16() for _ in range(2)) if told else ()
    with torch.inference_mode():
        quick = kernels.norm_silu(x, gain, *more)
        with kernels.direct():
            plain = kernels.norm_silu(x, gain, *more)
            exact = kernels.norm_silu(x.double(), gain.double(), *(each.double() for each in more))
    assert quick.dtype == torch.bfloat16
    assert torch.allclose(quick.double(), exact, rtol=2**-8 + 1e-5, atol=1e-6)
    assert (quick.double() - exact).square().sum() < (plain.double() - exact).square().sum()
    x[1, 5, 6, 8] = torch.nan
    with torch.inference_mode():
        seen = kernels.norm_silu(x, gain, *more).isnan()
    assert seen[1, :, 6, 8].all()
    assert seen.sum() == 24, "of that pixel and no other"


@compiled
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("groups", "channels"), [(4, 24), (8, 8), (1, 40)])
def test_group_normalisation_with_silu_is_that_of_torch(told: bool, groups: int, channels: int) -> None:
    torch.manual_seed(5)
    norm = nn.GroupNorm(groups, channels)
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    # Far from zero and nearly flat, where sums of squares alone would lose everything.
    x = 0.1 * torch.randn(2, channels, 33, 9) + 30 * torch.randn(2, channels, 1, 1)
    if groups == 1:
        x = x + torch.randn(2, channels, 1, 1)
    more = (torch.randn(2, channels, 1, 1), torch.randn(2, channels, 1, 1)) if told else ()
    with torch.inference_mode():
        quick = kernels.group_norm_silu(x, norm, *more)
        with kernels.direct():
            plain = kernels.group_norm_silu(x.double(), norm.double(), *(each.double() for each in more))
    assert 0 < off(quick, plain) < 2e-5
    assert quick.isfinite().all()


@compiled
def test_one_level_for_a_batch_is_for_all_of_it() -> None:
    x, gain = torch.randn(3, 16, 8, 8), torch.randn(16)
    one = (torch.randn(1, 16, 1, 1), torch.randn(1, 16, 1, 1))
    norm = nn.GroupNorm(4, 16)
    with torch.inference_mode():
        quick = kernels.norm_silu(x, gain, *one), kernels.group_norm_silu(x, norm, *one)
        with kernels.direct():
            plain = kernels.norm_silu(x, gain, *one), kernels.group_norm_silu(x, norm, *one)
    for ours, theirs in zip(quick, plain, strict=True):
        assert not torch.equal(ours, theirs), "the quick way was taken"
        assert off(ours, theirs) < 1e-5


@compiled
def test_a_parametrized_weight_is_made_once_a_call() -> None:
    torch.manual_seed(6)
    ours = nn.utils.parametrizations.spectral_norm(Conv2d(16, 16, 3, padding=1))
    theirs = nn.utils.parametrizations.spectral_norm(nn.Conv2d(16, 16, 3, padding=1))
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(1, 16, 40, 40)
    for _ in range(3):
        assert torch.allclose(ours(x), theirs(x), atol=1e-4)
    assert torch.equal(ours.parametrizations.weight[0]._u, theirs.parametrizations.weight[0]._u)


@compiled
def test_wrong_numbers_of_channels_are_refused_as_torch_does() -> None:
    with torch.inference_mode(), pytest.raises(RuntimeError, match="channels"):
        Conv2d(16, 16, 3, padding=1)(torch.randn(1, 8, 40, 40))


@pytest.mark.skipif(not compiling.TARGET.exists(), reason="there is no C compiler here")
def test_the_compiled_file_that_is_there_is_used() -> None:
    assert kernels.library is not None


@compiled
def test_values_that_are_no_numbers_stay_visible() -> None:
    layer, x = Conv2d(16, 16, 3, padding=1), torch.zeros(1, 16, 40, 40)
    x[0, 3, 20, 20] = torch.nan
    with torch.inference_mode():
        assert layer(x).isnan().any()
        assert kernels.norm_silu(x, torch.ones(16))[0, :, 20, 20].isnan().all()


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Conv2d(16, 16, 3, stride=2, padding=1), (1, 16, 64, 64)),
        (Conv2d(16, 16, 1), (1, 16, 64, 64)),
        (Conv2d(6, 16, 3, padding=1), (1, 6, 64, 64)),
        (Conv2d(16, 3, 3, padding=1), (1, 16, 64, 64)),
        (Conv2d(16, 16, 3, padding=1), (1, 16, 4, 4)),
        (Conv2d(16, 16, 3, padding=1).double(), (1, 16, 64, 64)),
        (Conv2d(16, 16, 3, padding=1).bfloat16(), (1, 16, 64, 64)),
    ],
    ids=["stride", "1x1", "odd in", "odd out", "small", "double", "bfloat16"],
)
def test_everything_else_is_torch_s_own_to_the_last_digit(layer: Conv2d, shape: tuple[int, ...]) -> None:
    x = torch.randn(shape, dtype=layer.weight.dtype)
    plain = functional.conv2d(x, layer.weight, layer.bias, layer.stride, layer.padding)
    assert torch.equal(layer(x), plain)


def test_without_the_compiled_file_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "library", None)
    layer, x = Conv2d(16, 16, 3, padding=1), torch.randn(1, 16, 64, 64)
    assert torch.equal(layer(x), functional.conv2d(x, layer.weight, layer.bias, 1, 1))


def test_direct_ends_with_its_block_even_after_an_error() -> None:
    def fail() -> None:
        with kernels.direct():
            raise ValueError("here")

    with pytest.raises(ValueError, match="here"):
        fail()
    assert kernels._direct == 0


@pytest.mark.skipif(compiling.find_compiler() is None, reason="there is no C compiler here")
def test_it_compiles_into_a_file_that_loads(tmp_path: Path) -> None:
    target = tmp_path / "some folder" / "layers.so"
    target.parent.mkdir()
    assert compiling.compile_library(target) is None
    code = f"import ctypes, torch; print(ctypes.CDLL({str(target)!r}).winograd_usable())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in "01"
    assert os.listdir(target.parent) == ["layers.so"]


def test_a_compiler_that_fails_leaves_a_sentence_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\necho no such flag >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    target = tmp_path / "layers.so"
    assert "could not compile layers.c (no such flag)" in str(compiling.compile_library(target))
    assert not target.exists()


def test_no_compiler_is_said_and_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no C compiler" in str(compiling.compile_library(tmp_path / "layers.so"))


def half(inside: int, outside: int, kernel: int = 3, stride: int = 1) -> Conv2d:
    layer = Conv2d(inside, outside, kernel, stride, padding=kernel // 2).to(torch.bfloat16)
    return layer.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (1, 1)])
def test_packed_weights_give_what_torch_gives_and_follow_every_change(kernel: int, stride: int) -> None:
    torch.manual_seed(0)
    layer = half(256, 264, kernel, stride)
    x = torch.randn(2, 256, 9, 12).bfloat16().contiguous(memory_format=torch.channels_last)
    y = torch.randn(1, 256, 16, 16).bfloat16()

    def check(value: Tensor) -> None:
        with torch.no_grad():
            quick = layer(value)
            with kernels.direct():
                assert off(quick.float(), layer(value).float()) < 1e-2
        assert quick.dtype == torch.bfloat16

    check(x)
    assert layer in reordered_weights._kept or reordered_weights._missing
    check(y)  # another shape
    with torch.no_grad():
        layer.weight.mul_(-3)
    check(y)
    layer.load_state_dict(half(256, 264, kernel, stride).state_dict())
    check(y)
    layer.weight.data = torch.randn_like(layer.weight)
    check(y)


def test_packed_weights_are_forgotten_with_their_layer_and_never_used_with_gradients() -> None:
    layer = half(256, 256)
    x = torch.randn(1, 256, 8, 8).bfloat16()
    layer(x).sum().backward()
    assert layer.weight.grad is not None
    assert layer not in reordered_weights._kept
    with torch.no_grad():
        layer(x)
    before = len(reordered_weights._kept)
    del layer
    gc.collect()
    assert len(reordered_weights._kept) < before or reordered_weights._missing


def test_large_pictures_and_small_layers_keep_no_second_copy_of_their_weights() -> None:
    with torch.no_grad():
        for layer, side in ((half(256, 256), 64), (half(32, 32), 8)):
            layer(torch.randn(1, layer.in_channels, side, side).bfloat16())
            assert layer not in reordered_weights._kept


def test_a_torch_without_the_operators_convolves_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reordered_weights, "_missing", False)
    monkeypatch.setattr(reordered_weights.torch.ops, "mkldnn", object())
    layer = half(256, 256)
    x = torch.randn(1, 256, 8, 8).bfloat16()
    with torch.no_grad():
        quick = layer(x)
        assert reordered_weights._missing
        with kernels.direct():
            assert torch.equal(quick, layer(x))
