"""The report of a job: what became of every photo, as a page to look at and a table to count with.

In: the journal. Out: one HTML file that needs nothing beside it (small pictures of before and after are
inside), and a CSV of the same name. Both are written whole or not at all.
"""

from __future__ import annotations

import base64
import csv
import html
import io
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from restorer.batch import job_text
from restorer.batch.journal import Journal
from restorer.batch.schema import Item, ItemState
from restorer.errors import PhotoError
from restorer.photo.writing import beside
from restorer.text import duration, shown

NAME = "restorer-report.html"
_STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#222;
background:#fff}
table{border-collapse:collapse;width:100%}
td,th{padding:.45rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:middle;
overflow-wrap:anywhere}
img{max-width:120px;max-height:120px;display:block}
.failed td{background:#fdecea}.skipped td{background:#fdf6e3}
@media (prefers-color-scheme:dark){body{background:#1c1c1e;color:#eee}td,th{border-color:#444}
.failed td{background:#4a1f1b}.skipped td{background:#443a1c}}
"""


def write_report(journal: Journal, path: Path | None = None, notes: Sequence[str] = ()) -> Path:
    """Write both files; returns the page's path. Failures come first. Raises PhotoError if it cannot.

    notes: sentences about what was left out, for the page.
    """
    page = path or journal.out / NAME
    if page.suffix.lower() not in (".html", ".htm"):
        page = page.with_name(f"{page.name}.html")
    order = {ItemState.FAILED: 0, ItemState.SKIPPED: 1}
    items = sorted(journal.items(), key=lambda item: order.get(item.state, 2))
    _write(page, _page(journal, items, page.parent, notes))
    _write(page.with_suffix(".csv"), _table(journal, items))
    return page


def _table(journal: Journal, items: Iterable[Item]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["photo", "page", "state", "result", "seconds", "width", "height", "finished", "message"])
    for item in items:
        when = (
            "" if item.finished is None else time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(item.finished))
        )
        result = shown(journal.out / item.output) if item.state is ItemState.DONE else ""
        seconds = "" if item.seconds is None else f"{item.seconds:.3f}"
        values = [shown(item.source), item.page or "", item.state.value, result, seconds, item.width or ""]
        writer.writerow([_harmless(value) for value in [*values, item.height or "", when, item.message]])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _page(journal: Journal, items: list[Item], folder: Path, notes: Sequence[str]) -> Iterator[str]:
    title = f"Restorer: {shown(journal.out)}"
    yield (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1>"
    )
    spent = sum(item.seconds or 0 for item in items)
    yield (
        f"<p>{html.escape(job_text.summary(journal.counts()))} The network worked for {duration(spent)}. "
        f"Written {time.strftime('%Y-%m-%d %H:%M')}. Diffusion invents plausible detail; the originals are "
        "the record.</p>"
    )
    for note in notes:
        yield f"<p>{html.escape(note)}</p>"
    yield (
        "<table><thead><tr><th>Before</th><th>After</th><th>Photo</th><th>State</th><th>Time</th>"
        "<th>Message</th></tr></thead><tbody>"
    )
    for item in items:
        before, after = (_picture(data) for data in journal.thumbnails(item.id))
        name = html.escape(shown(item.source))
        if item.page:
            name += f", page {item.page}"
        if item.state is ItemState.DONE:
            link = _link(journal.out / item.output, folder)
            name += f'<br><a href="{link}">{html.escape(shown(item.output))}</a>'
        took = "" if item.seconds is None else duration(item.seconds)
        yield (
            f'<tr class="{item.state.value}"><td>{before}</td><td>{after}</td><td>{name}</td>'
            f"<td>{item.state.value}</td><td>{took}</td><td>{html.escape(item.message)}</td></tr>\n"
        )
    yield "</tbody></table></body></html>\n"


def _picture(data: bytes | None) -> str:
    if data is None:
        return ""
    return f'<img alt="" loading="lazy" src="data:image/jpeg;base64,{base64.b64encode(data).decode()}">'


def _link(path: Path, folder: Path) -> str:
    with suppress(ValueError):  # another drive
        return html.escape(
            "/".join(quote(os.fsencode(part)) for part in Path(os.path.relpath(path, folder)).parts)
        )
    return html.escape(path.as_uri())


def _write(path: Path, pieces: Iterable[str]) -> None:
    try:
        with beside(path, overwrite=True, openness=0o600) as file:  # there are pictures in it
            file.writelines(piece.encode("utf-8", "replace") for piece in pieces)
    except OSError as error:
        raise PhotoError(
            f"The report {shown(path)} cannot be written ({error.strerror or error}); "
            "name another place with --report."
        ) from error
