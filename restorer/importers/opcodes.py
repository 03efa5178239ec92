"""What a pickle would build, told from its opcodes before any of it is built.

In: the bytes of a checkpoint's `data.pkl`. Out: nothing, or a PackError. PyTorch's reader runs no code of the
file, but it builds what the file asks for, and a kilobyte can ask for gigabytes (`bytearray`) or for years (a
tuple of twice the same tuple, of twice the same, … as a key: its hash is taken of all of it). So the opcodes
are gone through once with a stack of sizes in place of objects; only what weights need is let through.

Source: Lib/pickletools.py of Python (the opcodes and what they do to the stack).
"""

from __future__ import annotations

import pickletools
from pathlib import Path

from restorer.errors import PackError

__all__ = ["MOST_BYTES", "check"]

MOST_BYTES = 16 << 20
"""Of a `data.pkl`: 20,000 tensors take four."""
MOST_OPCODES = 1_000_000
MOST_TUPLE = 10_000
"""Elements of a tuple and of all tuples in it; those of weights are shapes and strides."""
MOST_LONG = 1_000
"""Whole numbers above 32 bits: thousands can be chosen so that a dictionary of them takes hours."""
CALLED = {
    "collections OrderedDict",
    "torch._utils _rebuild_parameter",
    "torch._utils _rebuild_parameter_with_state",
    "torch._utils _rebuild_tensor",
    "torch._utils _rebuild_tensor_v2",
    "torch Size",
    "torch device",
    "_codecs encode",
    "builtins set",
    "__builtin__ set",
}
"""What a file of weights may call. None of these makes more than it is given."""

_ONE = {
    "NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "BINFLOAT", "BINUNICODE",
    "SHORT_BINSTRING", "LONG1", "EMPTY_TUPLE", "EMPTY_LIST", "EMPTY_DICT", "EMPTY_SET",
}  # fmt: skip
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_POPS = {"APPEND": 1, "SETITEM": 2, "BUILD": 1}
_TO_MARK = {"APPENDS", "SETITEMS"}
_CALLS = {"REDUCE", "NEWOBJ"}
_MARK = 0
Entry = int | str
"""On the stack: the size of a value, 1 for all but tuples; the name of something imported; or a mark."""


def check(path: Path, pickled: bytes) -> None:
    """Raise PackError if a pickle asks for anything but weights. path: the checkpoint, for the sentence."""
    try:
        _walk(path, pickled)
    except PackError:
        raise
    except (ValueError, IndexError, KeyError, TypeError) as error:
        brief = " ".join(str(error).split())[:120]
        raise PackError(f"{path} is damaged or cut short ({brief}); download it again.") from error


def _walk(path: Path, pickled: bytes) -> None:
    stack: list[Entry] = []
    memo: dict[object, Entry] = {}
    longs = 0
    for number, (opcode, argument, _) in enumerate(pickletools.genops(pickled)):
        name = opcode.name
        if number > MOST_OPCODES:
            raise _excess(path, f"more than {MOST_OPCODES:,} steps")
        if name in _ONE:
            longs += name == "LONG1"
            if longs > MOST_LONG:
                raise _excess(path, "thousands of enormous numbers")
            stack.append(1)
        elif name == "MARK":
            stack.append(_MARK)
        elif name in _TUPLES or name == "TUPLE":
            parts = _popped(stack, _TUPLES[name]) if name in _TUPLES else _to_mark(stack)
            size = 1 + sum(part if isinstance(part, int) else 1 for part in parts)
            if size > MOST_TUPLE:
                raise _excess(path, f"a tuple of more than {MOST_TUPLE:,} parts")
            stack.append(size)
        elif name in _POPS:
            _popped(stack, _POPS[name])
        elif name in _TO_MARK:
            _to_mark(stack)
        elif name in ("BINPUT", "LONG_BINPUT"):
            memo[argument] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(memo[argument])
        elif name == "GLOBAL":
            stack.append(str(argument))
        elif name == "BINPERSID":
            _popped(stack, 1)
            stack.append(1)
        elif name in _CALLS:
            called, _arguments = _popped(stack, 2)
            if called not in CALLED:
                raise _refusal(path, str(called)[:80] if isinstance(called, str) else "a call of no function")
            stack.append(1)
        elif name not in ("PROTO", "STOP"):
            raise _refusal(path, f"the opcode {name}")


def _popped(stack: list[Entry], count: int) -> list[Entry]:
    if len(stack) < count:
        raise ValueError("its stack is empty")
    taken = stack[-count:]
    if _MARK in taken:
        raise ValueError("its stack is out of order")
    del stack[-count:]
    return taken


def _to_mark(stack: list[Entry]) -> list[Entry]:
    taken: list[Entry] = []
    if _MARK not in stack:
        raise ValueError("its stack has no mark")
    while stack[-1] != _MARK:
        taken.append(stack.pop())
    stack.pop()
    return taken


def _refusal(path: Path, what: str) -> PackError:
    return PackError(
        f"{path} holds more than weights and was not opened, because that could run any program ({what}); "
        "ask its makers for the weights alone, best as safetensors."
    )


def _excess(path: Path, what: str) -> PackError:
    return PackError(
        f"{path} asks for {what}, which no weights need, and was not opened; ask its makers for the weights "
        "alone, best as safetensors."
    )
