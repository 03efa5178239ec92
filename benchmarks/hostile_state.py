"""Folders made to harm: packs, cards, kept runs, journals with their folders of results, settings.

In: a `random.Random`. Out: (suffix, content) as in `benchmarks/hostile.py`; a folder is a tar archive, which
holds links and pipes as they are. `benchmarks/fuzz_reader.py` puts each into its place and reads it. Links
lead to `ELSEWHERE`, a folder beside the one that may be written to.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import sqlite3
import struct
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hostile import Made, jpeg
from restorer import __version__
from restorer.batch.schema import TABLES

ELSEWHERE = "elsewhere"
PRIVATE = "private.png"
"""A file in ELSEWHERE that nothing may read through a link, nor change."""
WORDS: list[Any] = [
    None,
    True,
    -1,
    0,
    10**30,
    0.5,
    "",
    "x",
    "../../a",
    "/etc/passwd",
    "a\0b",
    "\ud800",
    "[" * 900,
    [],
    {},
    [[]],
    [1, [2, [3]]],
    {"a": {"b": 1}},
    "x" * 3000,
    "<b>bold</b>",
    "\x1b[2J",
    "{name.__class__}",
    "{name:>999999999}",
    "{name!r:{date}}",
    "nan",
    [10**9] * 40,
]
RAW = [
    "1e999",
    "Infinity",
    "-NaN",
    "1" * 5000,
    "[" * 50_000,
    '{"a":' * 900 + "1" + "}" * 900,
    "",
    "{",
    "\xff",
]
"""What is no value of JSON."""


def archive(
    files: dict[str, bytes], links: dict[str, str] | None = None, pipes: tuple[str, ...] = ()
) -> bytes:
    """A tar archive. links: name -> what the link says; ELSEWHERE at its beginning becomes the whole path."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
        for name in pipes:
            info = tarfile.TarInfo(name)
            info.type = tarfile.FIFOTYPE
            tar.addfile(info)
    return out.getvalue()


def bent(value: Any, chance: random.Random) -> Any:
    """A value of JSON with one part of it, anywhere, made into something else."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(sorted(value))
        if chance.random() < 0.15:
            return {key: each for key, each in value.items() if key != name}
        return value | {name: bent(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.6:
        place = chance.randrange(len(value))
        return [*value[:place], bent(value[place], chance), *value[place + 1 :]]
    return chance.choice(WORDS)


def text_of(value: Any, chance: random.Random) -> bytes:
    """The value in JSON, now and then with something in it that is none."""
    text = json.dumps(value)
    if chance.random() < 0.2:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(RAW) + text[at + 1 :]
    return text.encode("utf-8", "surrogatepass")


def weights(tensors: dict[str, np.ndarray], facts: dict[str, str] | None = None) -> bytes:
    """A safetensors file."""
    from safetensors.numpy import save

    return save(tensors, facts)


# -- packs --------------------------------------------------------------------------------------------

NETWORK = {"block": 4, "channels": [8, 12], "blocks_down": 1, "blocks_up": 2, "embedding": 16}
PACK: dict[str, Any] = {
    "format": 1,
    "name": "pack",
    "kind": "photo-sr",
    "scale": 4,
    "scales": [4],
    "margin": 32,
    "sigma_data": 0.1,
    "presets": {"draft": {"steps": 1, "sigma_max": 1.0}},
    "network": NETWORK,
    "local": True,
    "title": "A pack",
    "data": [{"source": "a", "licence": "b"}],
    "licence": "MIT",
    "classes": ["a"],
    "sides": [64],
    "image_size": 64,
    "schedule": {"name": "linear", "steps": 10, "start": 0.1, "end": 0.2},
    "source": {"file": "x", "assumed": {}},
    "finer": {},
    "cascade": [],
    "chain_s": 0.0,
    "passes": 2,
    "predicts": "residual",
}
KINDS = [
    "photo-sr",
    "photo-repair",
    "cdm-base",
    "cdm-sr",
    "sr3-eps",
    "adm-base",
    "adm-sr",
    "single-pass",
    "other",
]
CARD = [
    "![a](sample.png)",
    "![a](../../../../elsewhere/private.png)",
    "![a](/etc/passwd)",
    "![a](link.png)",
    "![a](pipe.png)",
    "![a](file://host/share/a.png)",
    "![a](C:/a.png)",
    "![a](\\\\host\\a.png)",
    "![a](sub/../../../../../elsewhere/private.png)",
    "<img src='/etc/passwd'>",
    "[a](http://127.0.0.1/x)",
    "![a](folder/private.png)",
    "![a](sample.png%00)",
    "![]()",
    "<script>alert(1)</script>",
    "# " * 2000,
    "*" * 5000,
    "|a|b|\n|-|-|\n" * 500,
]


def pack_folder(chance: random.Random) -> Made:
    """A pack: a config bent in one to three places, weights of its hash, and a card that shows all kinds of
    files."""
    stored = weights({"a.weight": np.zeros((2, 2), np.float32)})
    if chance.random() < 0.3:
        header = text_of(bent({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, chance), chance)
        stored = struct.pack("<Q", chance.choice([len(header), 2**63, 0])) + header + bytes(8)
    config = PACK | {"kind": chance.choice(KINDS), "weights": {"sha256": hashlib.sha256(stored).hexdigest()}}
    for _ in range(chance.choice([0, 1, 1, 3])):
        config = bent(config, chance)
        if not isinstance(config, dict):
            break
    if chance.random() < 0.2 and isinstance(config, dict):
        config["network"] = NETWORK | {"channels": [65_536] * 16, "blocks_down": 32, "blocks_up": 32}
    card = "\n\n".join(chance.sample(CARD, chance.randrange(len(CARD)))).encode()
    files = {"config.json": text_of(config, chance), "model.safetensors": stored, "sample.png": b"no picture"}
    links = {"link.png": f"{ELSEWHERE}/{PRIVATE}", "folder": ELSEWHERE}
    if chance.random() < 0.8:
        files["CARD.md"] = card
    else:
        links["CARD.md"] = f"{ELSEWHERE}/{PRIVATE}"
    return "pack.tar", archive(files, links, ("pipe.png",))


def safetensors_file(chance: random.Random) -> Made:
    """A checkpoint in safetensors whose header is bent, or whose tensors have strange names and shapes."""
    names = [
        "denoise_fn.noise_level_mlp.1.weight",
        "input_blocks.0.0.weight",
        "time_embed.0.weight",
        "x" * 3000,
        "\x1b[2Ja",
        "label_emb.weight",
        "conv_first.weight",
        "out.2.weight",
        "betas",
        "a b",
    ]
    shapes: list[tuple[int, ...]] = [(), (0,), (4,), (1, 1), (2, 3, 3, 3), (1,) * 20, (0, 10**6)]
    tensors = {
        name: np.zeros(chance.choice(shapes), np.float32)
        for name in chance.sample(names, chance.choice([1, 4, 9]))
    }
    made = weights(tensors)
    if chance.random() < 0.6:
        length = int.from_bytes(made[:8], "little")
        header = text_of(bent(json.loads(made[8 : 8 + length]), chance), chance)
        made = struct.pack("<Q", chance.choice([len(header)] * 5 + [2**62, 1])) + header + made[8 + length :]
    return "safetensors", made


# -- what Restorer keeps ------------------------------------------------------------------------------


def kept_run(chance: random.Random) -> Made:
    """A run that was left: facts, photo and state, one of them bent, damaged, a link or a pipe."""
    run: dict[str, Any] = {
        "identity": {"version": __version__},
        "request": {
            "scale": 4,
            "preset": "balanced",
            "region": None,
            "steps": 3,
            "past": {"seeds": [1], "title": "a"},
        },
        "name": "photo.png",
        "path": "/photos/photo.png",
        "dpi": [300.0, 300.0],
    }
    if chance.random() < 0.8:
        run = bent(run, chance)
    facts = {"step": "1", "steps": "6", "stage": "0", "seconds": "1.0"}
    facts[chance.choice(sorted(facts))] = chance.choice(["1", "inf", "-1", "1" * 5000, "x", ""])
    state = weights({"x": np.zeros((1, 3, 4, 4), np.float32)}, facts)
    out = io.BytesIO()
    pixels: np.ndarray = np.zeros(chance.choice([(2, 2, 3), (2, 2), (0, 2, 3), (2, 2, 7)]), np.uint8)
    writer = chance.choice([np.savez, np.savez_compressed])
    blocks = {
        name: np.zeros(chance.choice([1, 50]), np.uint8)
        for name in chance.sample(["icc", "exif", "alpha"], 1)
    }
    writer(out, pixels=chance.choice([pixels, pixels.astype(np.float64), pixels.astype(object)]), **blocks)
    source = out.getvalue()
    files = {"run.json": text_of(run, chance), "state.safetensors": state, "source.npz": source}
    name = chance.choice(sorted(files))
    links: dict[str, str] = {}
    pipes: tuple[str, ...] = ()
    fate = chance.randrange(6)
    if fate == 0:
        files[name] = files[name][: chance.randrange(len(files[name]) + 1)]
    elif fate == 1:
        made = bytearray(files[name])
        for _ in range(5):
            made[chance.randrange(len(made))] = chance.randrange(256)
        files[name] = bytes(made)
    elif fate == 2:
        del files[name]
        links[name] = f"{ELSEWHERE}/{PRIVATE}"
    elif fate == 3:
        del files[name]
        pipes = (name,)
    elif fate == 4:
        links["lock"] = f"{ELSEWHERE}/new"
    return "run.tar", archive(files, links, pipes)


def settings(chance: random.Random) -> Made:
    """Settings bent in one to three places."""
    output = {
        "format": "png",
        "quality": 95,
        "sixteen": False,
        "template": "{name}_{scale}x",
        "metadata": "all",
        "long_side": 0,
    }
    value: Any = {
        "version": chance.choice([1, 2, 3, 4, 10**9]),
        "device": "auto",
        "threads": 0,
        "tile": 0,
        "previews": True,
        "notify": True,
        "language": "system",
        "theme": "system",
        "output": output,
        "sources": ["a"],
        "out": "b",
    }
    if chance.random() < 0.3:
        output["template"] = chance.choice([word for word in WORDS if isinstance(word, str)])
    for _ in range(chance.choice([0, 1, 3])):
        value = bent(value, chance)
    return "settings", text_of(value, chance)


def job(chance: random.Random) -> Made:
    """A folder job: photos with any names, a folder of results with links in it, and a journal whose rows
    name other places, are of other types, or which does more than it shows."""
    names = [
        "a.png",
        "b\n.jpg",
        "\x1b[2J.png",
        "<img src=x>.jpg",
        "=1+1.png",
        "{name}.png",
        "-o.jpg",
        "a b\u202egnp.jpg",
    ]
    photos = {f"photos/{chance.choice(['', 'shelf/'])}{name}": jpeg() for name in chance.sample(names, 3)}
    stems = {name: name.removeprefix("photos/").rsplit(".", 1)[0] for name in photos}
    links = {
        f"results/{stem}_4x.{chance.choice(['png', 'jpg'])}": f"{ELSEWHERE}/{chance.choice([PRIVATE, 'new'])}"
        for stem in chance.sample([each for each in stems.values() if "/" not in each] or ["a"], 1)
    }
    if chance.random() < 0.5:
        links["results/shelf"] = chance.choice([ELSEWHERE, f"{ELSEWHERE}/new"])
    files = dict(photos)
    if chance.random() < 0.7:
        files["journal.sqlite"] = _journal(chance, sorted(photos))
    return "job.tar", archive(files, links, ("photos/pipe.jpg",))


def _journal(chance: random.Random, photos: list[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        connection = sqlite3.connect(path)
        with connection:
            connection.executescript(TABLES)
            connection.execute("PRAGMA user_version = 1")
            for photo in photos:
                row: dict[str, Any] = {
                    "source": photo.encode(),
                    "page": 0,
                    "output": b"a_4x.png",
                    "state": "waiting",
                    "owner": "",
                    "recipe": "{}",
                    "fingerprint": "",
                    "message": "",
                    "bytes": 1,
                    "mtime_ns": 1,
                    "fresh": 0,
                }
                for _ in range(2):
                    values = [
                        b"../a.png",
                        b"/nowhere/a.png",
                        b"shelf/a.png",
                        "text",
                        7,
                        -1,
                        1e300,
                        float("inf"),
                        b"\xff\0",
                        "a" * 300_000,
                        "[" * 90_000,
                        "done",
                        "running",
                        "../../owner",
                        photos[0].encode(),
                    ]
                    row[chance.choice(sorted(row))] = chance.choice(values)
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"INSERT OR REPLACE INTO items ({', '.join(row)}) VALUES ({marks})", [*row.values()]
                )
            if chance.random() < 0.3:
                connection.executescript(chance.choice(ACTING))
        connection.close()
        made = bytearray(path.read_bytes())
    if chance.random() < 0.3:
        for _ in range(chance.choice([1, 30])):
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
ACTING = [
    f"CREATE TRIGGER t BEFORE UPDATE ON items BEGIN SELECT ({ENDLESS}); END",
    f"CREATE TRIGGER t BEFORE INSERT ON items BEGIN SELECT ({ENDLESS}); END",
    "CREATE TRIGGER t AFTER INSERT ON items BEGIN UPDATE items SET message = zeroblob(900000000); END",
    f"ALTER TABLE items RENAME TO i; CREATE VIEW items AS SELECT i.* FROM i, ({ENDLESS})",
    "DROP TABLE items; CREATE TABLE items (id INTEGER PRIMARY KEY, source)",
    "CREATE VIRTUAL TABLE v USING fts5(a); DROP TABLE names; CREATE VIEW names AS SELECT a AS key FROM v",
]
"""What a journal can do by itself when it is read or written."""


STATE: list[Callable[[random.Random], Made]] = [pack_folder, safetensors_file, kept_run, settings, job]


def digest(folder: Path) -> int:
    """What tells whether a folder is as it was: names, contents and times."""
    found = 0
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        told = f"{path.name} {status.st_mode} {status.st_mtime_ns} {status.st_size}".encode()
        found = zlib.crc32(told, found)
    return found
