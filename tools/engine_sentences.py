"""Collects the sentences that the engine says to people, so that the window can say them in its language.

    python tools/engine_sentences.py          writes ui/i18n/engine_message_table.py anew
    python tools/engine_sentences.py --check  tells whether it is as it should be

In: restorer/, where errors and notices carry English sentences. Out: a module that names each of them for
`lupdate`, values as {0}, {1} and so on. Commands of the shell speak English and are left out.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "ui" / "i18n" / "engine_message_table.py"
SHELL_ONLY = {"evaluation", "training", "cli", "cluster", "checking", "ncnn_networks", "job_text"}
BUT_FOR = {ROOT / "restorer" / "cli" / "restore.py"}
"""Its sentences are translated all the same."""
SPEAKERS = {"PhotoError", "PackError", "RequestError", "ResultError", "JournalError", "LauncherError"}
SPEAKERS |= {"Notice"}
SECOND = {"Trouble", "Note", "Verdict", "unsupported"}
"""These say their sentence, or a part of one, second."""
STALE = "ui/i18n/engine_message_table.py is older than restorer/: run tools/engine_sentences.py"
PARTS = {"text", "again", "_OTHERS", "_RAW"}
"""Variables that hold a part of a sentence."""
TELLERS = {"likeness", "unlike", "smaller", "to_processor", "nothing_in"}
"""Functions that return a sentence."""
HEAD = '''"""What the engine says, in the words of its source; made by tools/engine_sentences.py.

`ui.i18n.engine_messages` looks for the sentence behind a finished one here.
"""

# ruff: noqa: E501

from ui.i18n.language import tr as _tr


def engine_message_table() -> tuple[tuple[str, str], ...]:
    """Each sentence, and the same in the language spoken; values are {0}, {1} and so on."""
    # fmt: off
    return (
'''
TAIL = """    )
    # fmt: on
"""


def _constants(tree: ast.Module) -> dict[str, str]:
    """Names of a module that stand for fixed texts."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _template(node: ast.expr, constants: dict[str, str]) -> str | None:
    """A literal or f-string with its values numbered; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{", "{{").replace("}", "}}")
    if not isinstance(node, ast.JoinedStr):
        return None
    text, number = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
            continue
        assert isinstance(part, ast.FormattedValue)
        fixed = constants.get(part.value.id) if isinstance(part.value, ast.Name) else None
        if fixed is not None:
            text += fixed
        else:
            text += f"{{{number}}}"
            number += 1
    return text


def sentences() -> Iterator[str]:
    """Every sentence of the engine, in the order of files and lines."""
    for path in sorted((ROOT / "restorer").rglob("*.py")):
        if SHELL_ONLY & set(path.relative_to(ROOT).with_suffix("").parts) and path not in BUT_FOR:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        constants = _constants(tree)
        for node in _spoken(tree):
            text = _template(node, constants)
            if text is not None and " " in text.strip("{}0123456789 .:()"):
                yield text


def _spoken(tree: ast.Module) -> Iterator[ast.expr]:
    """The expressions of a module that end up before people."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in SPEAKERS:
                yield node.args[0]
            elif name in SECOND and len(node.args) > 1:
                yield from _branches(node.args[1])
        elif isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & PARTS:
            yield from node.value.values if isinstance(node.value, ast.Dict) else [node.value]
        elif isinstance(node, ast.FunctionDef) and node.name in TELLERS:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield inner.value


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression can become."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def written() -> str:
    """The module's source."""
    found = dict.fromkeys(sentences())
    lines = [f"        ({text!r}, _tr({text!r})),\n" for text in sorted(found)]
    return HEAD + "".join(lines) + TAIL


def main() -> int:
    """Exit code 0 when the module is as it should be."""
    parser = argparse.ArgumentParser(description="Collect what the engine says to people.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    source = written()
    if not parser.parse_args().check:
        OUT.write_text(source, "utf-8")
    if OUT.read_text("utf-8") != source:
        print(STALE, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
