"""Bring your own weights: public checkpoints become packs, or are refused by the tensor that does not fit."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import time
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from restorer import importers
from restorer.cli.main import main
from restorer.diffusion.discrete_schedule import linear_betas
from restorer.errors import PackError, RequestError
from restorer.importers import adm, sr3
from restorer.importers.reading import Checkpoint, read_checkpoint
from restorer.packs import catalog

GOLDEN = Path(__file__).resolve().parent.parent / "data" / "golden"
FACES = GOLDEN / "sr3_16_128" / "I0_E0_gen.pth"
BASE = GOLDEN / "adm_base64" / "model.pt"
UPSAMPLER = GOLDEN / "adm_64_256" / "model.pt"
ASSUME = {
    FACES: ["norm_groups=4"],
    BASE: ["num_head_channels=16", "attention_order=new", "schedule=cosine"],
    UPSAMPLER: ["num_heads=4", "schedule=linear"],
}


def run(file: Path, name: str, *more: str, assume: list[str] | None = None) -> int:
    flags = [word for pair in ASSUME.get(file, []) if assume is None for word in ("--assume", pair)]
    flags += [word for pair in assume or [] for word in ("--assume", pair)]
    return main(["models", "import", str(file), "--name", name, *flags, *more])


def tensors_of(file: Path) -> dict[str, Tensor]:
    found: dict[str, Tensor] = torch.load(file, weights_only=True)
    return found


def saved(path: Path, content: Any) -> Path:
    torch.save(content, path)
    return path


# -- what works


@pytest.mark.parametrize("file", [FACES, BASE, UPSAMPLER], ids=["sr3", "base", "upsampler"])
def test_an_imported_network_is_the_original_and_a_changed_golden_is_told_apart(
    file: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "mine", "--accept-licence") == 0
    golden = file.parent / "forward.npz"
    assert main(["models", "check", "mine", "--against", str(golden)]) == 0
    assert "the import is right" in capsys.readouterr().out
    with np.load(golden) as data:
        arrays = {name: data[name].copy() for name in data.files}
    answer = next(name for name in arrays if name.endswith(("oblong_eps", "oblong_out")))
    arrays[answer][0, 1, 5, 7] += 1e-3
    np.savez(tmp_path / "changed.npz", **arrays)
    assert main(["models", "check", "mine", "--against", str(tmp_path / "changed.npz")]) == 1
    assert "NOT the original" in capsys.readouterr().out
    assert main(["models", "verify", "mine"]) == 0


def test_a_pack_holds_the_files_own_numbers_in_single_precision(home: Path) -> None:
    assert run(FACES, "faces", "--accept-licence") == 0
    packed, original = load_file(home / "faces" / "model.safetensors"), tensors_of(FACES)
    assert len(packed) == len(original) - 12  # the buffers of the schedule are not weights
    for name, tensor in packed.items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, original[f"denoise_fn.{name}"])
    config = json.loads((home / "faces" / "config.json").read_text("utf-8"))
    assert config["schedule"] == {"name": "linear", "steps": 2000, "start": 1e-6, "end": 0.01}
    assert config["source"]["assumed"] == {"norm_groups": "4", "scale": "8"}
    assert "FFHQ" in config["licence"]
    assert "`norm_groups`): 4" in (home / "faces" / "CARD.md").read_text("utf-8")


def test_half_precision_is_opt_in_announced_and_smaller(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(FACES, "faces", "--accept-licence") == 0
    assert "half precision" not in capsys.readouterr().out
    assert run(FACES, "small", "--accept-licence", "--half") == 0
    assert "half precision" in capsys.readouterr().out
    sizes = [(home / name / "model.safetensors").stat().st_size for name in ("faces", "small")]
    assert sizes[1] < 0.55 * sizes[0]
    assert main(["models", "check", "small", "--against", str(FACES.parent / "forward.npz")]) == 1


def test_the_same_weights_as_safetensors_or_from_parallel_training_give_the_same_pack(
    home: Path, tmp_path: Path
) -> None:
    original = {name: tensor.contiguous() for name, tensor in tensors_of(FACES).items()}
    save_file(original, tmp_path / "faces.safetensors")
    parallel = {
        name.replace("denoise_fn.", "denoise_fn.module."): tensor for name, tensor in original.items()
    }
    hashes = set()
    for name, file in (
        ("a", FACES),
        ("b", tmp_path / "faces.safetensors"),
        ("c", saved(tmp_path / "parallel.pth", parallel)),
    ):
        assert run(file, name, "--accept-licence", assume=ASSUME[FACES]) == 0
        hashes.add(catalog.read_pack(home / name).sha256)
    assert len(hashes) == 1


def test_half_precision_checkpoints_become_single_precision(home: Path, tmp_path: Path) -> None:
    halves = {name: tensor.half() for name, tensor in tensors_of(UPSAMPLER).items()}
    file = saved(tmp_path / "half.pt", halves)
    assert run(file, "up", "--accept-licence", assume=ASSUME[UPSAMPLER]) == 0
    packed = load_file(home / "up" / "model.safetensors")
    assert all(torch.equal(packed[name], tensor.float()) for name, tensor in halves.items())


def test_packs_are_listed_shown_and_removed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FACES, "faces", "--accept-licence") == 0
    capsys.readouterr()
    assert main(["models", "list"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("faces"))
    assert "8x" in line
    assert main(["models", "show", "faces"]) == 0
    shown = capsys.readouterr().out
    assert "norm_groups=4" in shown
    assert "Licence:" in shown
    assert main(["models", "remove", "faces"]) == 0
    assert not (home / "faces").exists()
    assert main(["models", "remove", "faces"]) == 2
    assert main(["models", "remove", "sr3-photo-4x"]) == 2
    assert "comes with Restorer and cannot be removed" in capsys.readouterr().err
    assert main(["models", "remove", "../models"]) == 2


def test_an_import_that_is_stopped_leaves_nothing(home: Path) -> None:
    found = importers.look(FACES, {"norm_groups": "4"})
    writing = importers.make_pack(found, FACES, "faces")
    done, total = next(writing)
    assert 0 < done < total
    writing.close()
    assert not list(home.iterdir())


def test_an_import_that_was_killed_is_no_pack_and_is_taken_away_in_time(home: Path) -> None:
    assert run(FACES, "faces", "--accept-licence") == 0
    left, fresh = home / ".import-killed", home / ".import-other"
    for folder in (left, fresh):
        shutil.copytree(home / "faces", folder)
    main(["models", "remove", "faces"])
    assert "faces" not in [pack.name for pack in catalog.all_packs()]
    os.utime(left, (0, 0))
    assert run(FACES, "faces", "--accept-licence") == 0
    assert not left.exists()
    assert fresh.exists()  # it may be going on in another window


def test_a_full_disk_is_a_sentence_and_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=2**20))
    with pytest.raises(PackError, match=r"needs 6 MiB, and only 1 MiB are free"):
        list(importers.make_pack(importers.look(FACES, {"norm_groups": "4"}), FACES, "faces"))
    assert not list(home.iterdir())


# -- what is asked


def test_nothing_is_imported_before_the_licence_is_accepted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(FACES, "faces") == 2
    told = capsys.readouterr()
    assert "Licence: " in told.out
    assert "add --accept-licence" in told.err
    assert not home.exists() or not list(home.iterdir())


def test_what_the_file_cannot_say_is_asked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FACES, "faces", "--accept-licence", assume=["scale=8"]) == 2
    assert "--assume norm_groups=" in capsys.readouterr().err
    assert run(BASE, "base", "--accept-licence", assume=["num_heads=2"]) == 2
    told = capsys.readouterr().err
    assert "attention_order" in told
    assert "schedule" in told


@pytest.mark.parametrize(
    ("file", "assume", "sentence"),
    [
        (FACES, ["norm_groups=3"], "norm_groups=3 does not fit this file; possible are 1, 2, 4, 8"),
        (FACES, ["groups=4"], "Nothing called 'groups' can be assumed"),
        (FACES, ["num_heads=4", "norm_groups=4"], "leaves num_heads not open"),
        (FACES, ["norm_groups"], "has no value"),
        (BASE, ["num_heads=4", "num_head_channels=8"], "not both"),
        (UPSAMPLER, ["num_heads=4", "schedule=quadratic"], "possible are linear, cosine"),
    ],
)
def test_an_answer_that_does_not_fit_is_a_sentence(
    file: Path, assume: list[str], sentence: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "mine", "--accept-licence", assume=assume) == 2
    assert sentence in capsys.readouterr().err


def test_a_wrong_answer_is_found_by_the_check(home: Path) -> None:
    assert run(FACES, "faces", "--accept-licence", assume=["norm_groups=8"]) == 0
    assert main(["models", "check", "faces", "--against", str(FACES.parent / "forward.npz")]) == 1


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 65, "sr3-photo-4x"])
def test_a_name_that_cannot_be_is_a_sentence(name: str, home: Path) -> None:
    with pytest.raises(RequestError, match=r"cannot be the name|already a model"):
        importers.check_name(name)


# -- the public files, by their real names and shapes


def on_meta(folder: str) -> dict[str, Tensor]:
    real = json.loads((GOLDEN / folder / "real_shapes.json").read_text("utf-8"))["state_dict"]
    found = {name: torch.empty(shape, device="meta") for name, (_, shape) in real.items()}
    if "betas" in found:
        found["betas"] = torch.from_numpy(linear_betas(2000, 1e-6, 1e-2)).float()
    return found


def test_the_public_face_network_needs_no_answers() -> None:
    found = sr3.read(Checkpoint(Path("I640000_E37_gen.pth"), on_meta("sr3_16_128")), {})
    assert not found.open
    assert found.parameters == 97_807_491
    assert (found.network["norm_groups"], found.network["attention"]) == (32, (3,))
    assert (found.network["multipliers"], found.network["blocks"]) == ((1, 2, 4, 8, 8), 2)


def test_the_wide_face_network_has_sixteen_groups() -> None:
    from restorer.diffusion.nn.sr3_unet import SR3UNet, SR3UNetConfig

    config = SR3UNetConfig(multipliers=(1, 2, 4, 8, 16), blocks=1, attention=(), norm_groups=16)
    with torch.device("meta"):
        weights = {f"denoise_fn.{name}": value for name, value in SR3UNet(config).state_dict().items()}
    found = sr3.read(Checkpoint(Path("I830000_E32_gen.pth"), weights), {})
    assert found.network["norm_groups"] == 16
    assert found.parameters == 155_334_339
    assert len(weights) + len(sr3.BUFFERS) == 241


@pytest.mark.parametrize(
    ("folder", "parameters", "expected"),
    [
        ("adm_base64", 295_904_454, {"num_head_channels": 64, "attention_order": "new", "blocks": 3}),
        (
            "adm_64_256",
            311_795_910,
            {"num_heads": 4, "num_head_channels": 0, "attention_order": "legacy", "blocks": 2},
        ),
    ],
)
def test_the_public_adm_networks_need_no_answers(
    folder: str, parameters: int, expected: dict[str, Any]
) -> None:
    found = adm.read(Checkpoint(Path("public.pt"), on_meta(folder)), {})
    assert not found.open
    assert found.parameters == parameters
    assert expected.items() <= found.network.items()
    assert found.schedule is not None
    assert found.schedule["name"] == ("cosine" if folder == "adm_base64" else "linear")


def test_the_upsampler_to_512_is_told_from_that_to_256() -> None:
    from restorer.diffusion.nn.adm_unet import ADMUNet, ADMUNetConfig

    config = ADMUNetConfig(
        in_channels=6, multipliers=(1, 1, 2, 2, 4, 4), blocks=2, attention=(4, 5), num_head_channels=64
    )
    with torch.device("meta"):
        weights = ADMUNet(config).state_dict()
    found = adm.read(Checkpoint(Path("128_512_upsampler.pt"), weights), {})
    assert found.parameters == 308_835_270
    assert len(weights) == 537
    assert (found.network["num_head_channels"], found.network["attention"]) == (64, (4, 5))
    assert "128_512_upsampler.pt" in found.title


# -- what is refused


def changed(file: Path, change: str) -> dict[str, Tensor]:
    tensors = tensors_of(file)
    if change == "lacks":
        del tensors["denoise_fn.mid.1.res_block.block2.block.3.bias"]
    elif change == "more":
        tensors["denoise_fn.extra.weight"] = torch.zeros(3)
    elif change == "shape":
        name = "denoise_fn.mid.0.attn.qkv.weight"
        tensors[name] = tensors[name][:-1].clone()
    elif change == "level":
        del tensors["denoise_fn.downs.4.res_block.block1.block.3.weight"]
    elif change == "buffer":
        tensors["gammas"] = torch.zeros(3)
    elif change == "betas":
        tensors["betas"] = torch.full((2000,), 2.0)
    elif change == "numbers":
        tensors["denoise_fn.downs.0.bias"] = torch.full((8,), float("nan"))
    elif change == "whole":
        tensors["denoise_fn.downs.0.bias"] = torch.zeros(8, dtype=torch.int64)
    elif change == "ddpm":
        tensors = {name.replace("noise_level_mlp", "time_mlp"): t for name, t in tensors.items()}
    return tensors


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("lacks", "lacks the tensor mid.1.res_block.block2.block.3.bias"),
        ("more", "has a tensor extra.weight that such a network does not know"),
        ("shape", r"its tensor mid.0.attn.qkv.weight has shape \(191, 64, 1, 1\)"),
        ("level", "its tensor downs.4.res_block.block1.block.3.weight is missing"),
        ("buffer", "has a tensor gammas"),
        ("betas", "its tensor betas is no noise schedule"),
        ("numbers", "The tensor downs.0.bias has values that are not numbers"),
        ("whole", "The tensor downs.0.bias in .* holds torch.int64"),
        ("ddpm", "is the DDPM variant"),
    ],
)
def test_a_different_file_is_refused_by_its_tensor(
    change: str, sentence: str, home: Path, tmp_path: Path
) -> None:
    file = saved(tmp_path / "other.pth", changed(FACES, change))
    with pytest.raises(PackError, match=sentence):
        list(importers.make_pack(importers.look(file, {"norm_groups": "4"}), file, "faces"))
    assert not home.exists() or not list(home.iterdir())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.pop("middle_block.1.qkv.bias"), "lacks the tensor middle_block.1.qkv.bias"),
        (lambda t: t.update({"label_emb.weight": torch.zeros(1000, 5)}), "label_emb.weight has shape"),
        (lambda t: t.update({"input_blocks.3.0.op.weight": torch.zeros(1)}), "input_blocks.3.0.op.weight"),
        (
            lambda t: [t.pop(n) for n in list(t) if n.startswith(("out", "output_blocks"))],
            "names classes and makes no pictures",
        ),
    ],
    ids=["lacks", "shape", "plain", "classifier"],
)
def test_a_different_adm_file_is_refused_by_its_tensor(change: Any, sentence: str, tmp_path: Path) -> None:
    tensors = tensors_of(BASE)
    change(tensors)
    file = saved(tmp_path / "other.pt", tensors)
    assume = dict(pair.split("=") for pair in ASSUME[BASE])
    with pytest.raises(PackError, match=sentence):
        importers.look(file, assume)


class Hostile:
    """Unpickling this writes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return Path.touch, (self.mark,)


def test_a_hostile_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    archive = saved(tmp_path / "hostile.pth", {"denoise_fn.noise_level_mlp.1.weight": Hostile(mark)})
    with pytest.raises(PackError, match="could run any program"):
        importers.look(archive)
    bare = tmp_path / "bare.pth"
    bare.write_bytes(pickle.dumps(Hostile(mark)))
    with pytest.raises(PackError, match="is a pickle, which could run any program"):
        importers.look(bare)
    assert not mark.exists()


def test_tensors_made_of_nothing_are_refused(tmp_path: Path) -> None:
    tensors = tensors_of(FACES)
    tensors["denoise_fn.downs.0.bias"] = torch.zeros(1).expand(10**12)
    with pytest.raises(PackError, match=r"The tensor denoise_fn\.downs\.0\.bias .* more than the file holds"):
        importers.look(saved(tmp_path / "bomb.pth", tensors))


def test_a_compressed_archive_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.pth"
    with zipfile.ZipFile(FACES) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry))
    with pytest.raises(PackError, match="is a compressed archive"):
        importers.look(bomb)


@pytest.mark.parametrize("part", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_a_truncated_file_is_a_sentence(part: float, tmp_path: Path) -> None:
    data = FACES.read_bytes()
    file = tmp_path / "cut.pth"
    file.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(PackError, match=r"cut\.pth is (empty|damaged or cut short)"):
        importers.look(file)


def test_a_truncated_safetensors_file_is_a_sentence(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.safetensors", tmp_path / "cut.safetensors"
    save_file({"a": torch.zeros(1000)}, whole)
    cut.write_bytes(whole.read_bytes()[:-100])
    with pytest.raises(PackError, match="damaged or cut short"):
        read_checkpoint(cut)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!DOCTYPE html><title>Quota exceeded</title>", "is a web page"),
        (b"\x89PNG\r\n\x1a\n and so on, a picture", "is no checkpoint"),
        (b"PK\x03\x04 nothing of a zip file", "damaged or cut short"),
    ],
)
def test_something_else_altogether_is_a_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "thing.pth"
    file.write_bytes(content)
    with pytest.raises(PackError, match=sentence):
        importers.look(file)
    with pytest.raises(PackError, match="cannot be read"):
        importers.look(tmp_path / "missing.pth")


def test_an_optimisers_state_and_objects_are_sentences(tmp_path: Path) -> None:
    state = {"epoch": 1, "iter": 2, "scheduler": None, "optimizer": {"state": {}}}
    with pytest.raises(PackError, match=r"ends in _gen\.pth"):
        importers.look(saved(tmp_path / "I1_E1_opt.pth", state))
    with pytest.raises(PackError, match="'a' a list where a named tensor belongs"):
        importers.look(saved(tmp_path / "list.pth", {"a": [1, 2]}))
    with pytest.raises(PackError, match="not named tensors"):
        importers.look(saved(tmp_path / "tensor.pth", torch.zeros(3)))


def test_an_unknown_network_says_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importers.upscaler, "available", lambda: False)
    weights = OrderedDict({"conv_first.weight": torch.zeros(4, 3, 3, 3)})
    with pytest.raises(PackError, match=r"first tensors are conv_first\.weight.*pip install spandrel"):
        importers.look(saved(tmp_path / "gan.pth", {"params_ema": weights}))


def test_a_check_against_something_else_is_a_sentence(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(FACES, "faces", "--accept-licence") == 0
    np.savez(tmp_path / "objects.npz", a_eps=np.array([Path], dtype=object))
    for name, sentence in (
        (str(tmp_path / "objects.npz"), "no .npz file of plain arrays"),
        (str(BASE.parent / "forward.npz"), "no array that ends in _eps"),
        (str(FACES), "is no .npz file of plain arrays"),
        (str(tmp_path / "none.npz"), "cannot be read"),
    ):
        assert main(["models", "check", "faces", "--against", name]) in (1, 2)
        assert sentence in capsys.readouterr().err
    shutil.copy(home / "faces" / "config.json", tmp_path)
    assert main(["models", "check", "sr3-photo-4x", "--against", str(FACES)]) == 2
    assert "was not imported" in capsys.readouterr().err


def archive_of(path: Path, pickled: bytes, storage: bytes = b"") -> Path:
    """A checkpoint as PyTorch writes it, of a pickle made by hand and one storage."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        file.writestr("archive/data.pkl", pickled)
        file.writestr("archive/byteorder", "little")
        file.writestr("archive/version", "3\n")
        file.writestr("archive/data/0", storage)
    return path


def doubled(levels: int, key: bool = True) -> bytes:
    """A dictionary whose key (or value) is a tuple of twice the same tuple, and so on."""
    begin = b"}" + (b"" if key else b"X\1\0\0\0a")
    inner = b"".join(b"q%ch%c\x86" % (n, n) for n in range(levels))
    return b"\x80\2" + begin + b")" + inner + (b"K\1" if key else b"") + b"s."


def called(name: bytes, argument: bytes) -> bytes:
    """A dictionary with the answer of a call in it."""
    return b"\x80\2}X\1\0\0\0ac" + name + b"\n" + argument + b"\x85Rs."


HUNGRY = {
    "doubled keys": doubled(60),
    "doubled values": doubled(60, key=False),
    "bytearray": called(b"__builtin__\nbytearray", b"\x8a\5\0\x28\x6b\xee\0"),
    "tensor": called(b"torch\nFloatTensor", b"J\xff\xff\xff\x7f"),
    "meta": called(b"torch._utils\n_rebuild_meta_tensor_no_storage", b"K\1"),
    "long keys": b"\x80\2}("
    + b"".join(b"\x8a\x08" + (n << 32).to_bytes(8, "little") + b"K\1" for n in range(3000))
    + b"u.",
    "other opcodes": b"\x80\4\x95\0\0\0\0\0\0\0\0}.",
    "empty stack": b"\x80\2ss.",
    "no mark": b"\x80\2}u.",
}


@pytest.mark.parametrize("kind", HUNGRY)
def test_a_pickle_that_would_hang_or_fill_the_memory_is_a_sentence_at_once(kind: str, tmp_path: Path) -> None:
    path = archive_of(tmp_path / "hungry.pth", HUNGRY[kind])
    assert path.stat().st_size < 50_000
    start = time.process_time()
    with pytest.raises(PackError, match=r"hungry\.pth (holds more than weights|asks for|is damaged)"):
        read_checkpoint(path)
    assert time.process_time() - start < 5


def test_thousands_of_names_for_one_storage_are_refused(tmp_path: Path) -> None:
    one = torch.zeros(10_000)
    path = saved(tmp_path / "shared.pth", {f"w{number}": one for number in range(2000)})
    with pytest.raises(PackError, match=r"2000 tensors .* that share the numbers"):
        read_checkpoint(path)
    assert len(read_checkpoint(saved(tmp_path / "tied.pth", {"a": one, "b": one})).tensors) == 2


def test_an_archive_of_two_pickles_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "two.pth", {"a": torch.zeros(3)})
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("other/data.pkl", b"\x80\2}.")
    with pytest.raises(PackError, match="two files of one name"):
        read_checkpoint(path)


def test_what_programs_put_beside_weights_is_read_as_before(tmp_path: Path) -> None:
    betas = (0.9, 0.999)
    state = {
        "state_dict": OrderedDict(
            a=torch.nn.Parameter(torch.ones(2, 3)), b=torch.zeros(2, dtype=torch.float16)
        ),
        "hyper": {
            "size": torch.Size([1, 2]),
            "names": {"x"},
            "groups": [{"betas": betas}] * 50,
            "big": 2**40,
        },
    }
    found = read_checkpoint(saved(tmp_path / "whole.ckpt", state))
    assert found.wrapper == "state_dict"
    assert torch.equal(found.tensors["a"], torch.ones(2, 3))


def test_a_pipe_in_the_place_of_a_checkpoint_is_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pth")
    with pytest.raises(PackError, match="it is a device or pipe"):
        read_checkpoint(tmp_path / "pipe.pth")
