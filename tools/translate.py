"""Brings the translations in step with the source: collects the sentences of ui/, compiles the translated.

    python tools/translate.py          after sentences changed, and again after they were translated
    python tools/translate.py --check  tells what is missing and changes nothing

In: ui/*.py, what the engine says (tools/engine_sentences.py), resources/i18n/*.ts. Out: the same .ts files
(restorer_en.ts holds only plurals, the rest of English is the source itself) and the .qm files that the app
loads. Both tools of Qt Linguist come with PySide6-Essentials.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import PySide6

sys.path.insert(0, str(Path(__file__).resolve().parent))

import engine_sentences
from engine_sentences import STALE

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("en", "zh_CN")


def _tool(name: str, *arguments: str | Path) -> None:
    program = Path(PySide6.__file__).parent / name
    run = subprocess.run([program, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)
    if run.returncode != 0:
        raise SystemExit(f"{name} failed: {run.stdout}{run.stderr}")


def collect(folder: Path = FOLDER) -> None:
    """Update the .ts files in `folder` from the source; new sentences come in as unfinished."""
    sources = sorted((ROOT / "ui").rglob("*.py"))
    for language in LANGUAGES:
        plural = ["-pluralonly"] if language == "en" else []
        target = folder / f"restorer_{language}.ts"
        _tool(
            "lupdate",
            *sources,
            *(
                "-tr-function-alias",
                "tr+=_tr",
                "-locations",
                "none",
                "-no-obsolete",
                "-source-language",
                "en",
            ),
            *("-target-language", language, *plural, "-ts", target),
        )


def compile_to(folder: Path, source: Path = FOLDER) -> None:
    """Write the .qm files of the .ts files in `source` to `folder`."""
    for language in LANGUAGES:
        name = f"restorer_{language}"
        _tool("lrelease", "-silent", source / f"{name}.ts", "-qm", folder / f"{name}.qm")


def messages(path: Path) -> list[tuple[str, str, list[str]]]:
    """(context, sentence, its translations) of a .ts file; an unfinished one has an empty translation."""
    found = []
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            if translation.get("type"):
                forms = [""]
            found.append((context.findtext("name") or "", message.findtext("source") or "", forms))
    return found


def complaints() -> list[str]:
    """What is missing: sentences that no .ts file has, or that nobody has translated, and stale .qm files."""
    found = [] if engine_sentences.OUT.read_text("utf-8") == engine_sentences.written() else [STALE]
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        for language in LANGUAGES:
            shutil.copy(FOLDER / f"restorer_{language}.ts", fresh)
        collect(fresh)
        compile_to(fresh)
        for language in LANGUAGES:
            ts, qm = f"restorer_{language}.ts", f"restorer_{language}.qm"
            wanted = {message[:2] for message in messages(fresh / ts)}
            known = {message[:2] for message in messages(FOLDER / ts)}
            found += [f"{ts} lacks {sentence!r} ({context})" for context, sentence in sorted(wanted - known)]
            found += [f"{ts} keeps {sentence!r} ({context})" for context, sentence in sorted(known - wanted)]
            for context, sentence, forms in messages(FOLDER / ts):
                if not all(forms):
                    found.append(f"{ts}: {sentence!r} ({context}) is not translated")
            if not found and (fresh / qm).read_bytes() != (FOLDER / qm).read_bytes():
                found.append(f"{qm} is older than {ts}")
    return found


def main() -> int:
    """Exit code 0 when every sentence is translated."""
    parser = argparse.ArgumentParser(description="Bring the translations in step with the source.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    if not parser.parse_args().check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        engine_sentences.OUT.write_text(engine_sentences.written(), "utf-8")
        collect()
        compile_to(FOLDER)
    found = complaints()
    print("\n".join(found) or "Every sentence is translated.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
