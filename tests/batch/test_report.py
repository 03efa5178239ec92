"""The report: every photo with its pictures, every failure with its sentence; no name breaks it."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from pathlib import Path

import pytest

from restorer.batch.journal import Journal
from restorer.batch.report import write_report
from restorer.batch.schema import ItemState
from restorer.errors import PhotoError
from tests.batch.conftest import found_in, save_scan
from tests.batch.test_journal import Make


class Page(HTMLParser):
    """Rows, pictures and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attributes)
        if tag == "img":
            self.images.append(values["src"] or "")
        if tag == "a":
            self.links.append(values["href"] or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def journal(scans: Path, out: Path, recipe: Make) -> Journal:
    odd = scans / '=1+1 <script>alert("x").png'
    save_scan(scans / "plain.png", 9).rename(odd)
    out.mkdir()
    journal = Journal(out)
    ids = journal.add(found_in(scans), recipe())
    for item_id in ids:
        item = journal.claim(item_id)
        assert item is not None
        if item.source.name == "b.jpg":
            journal.record(item, ItemState.FAILED, f"{item.source} is damaged <b>.")
        else:
            journal.record(
                item, ItemState.DONE, seconds=1.5, before=b"\xff\xd8before", after=b"\xff\xd8after"
            )
    return journal


def test_the_page_and_the_table_have_every_photo_and_every_sentence(journal: Journal, out: Path) -> None:
    with journal:
        path = write_report(journal)
    assert path == out / "restorer-report.html"
    page = Page(path.read_text("utf-8"))
    assert page.tags.count("tr") == 8
    assert len(page.images) == 12
    assert all(image.startswith("data:image/jpeg;base64,") for image in page.images)
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert "b.jpg is damaged <b>." in page.text
    assert "7 photos: 6 done, 1 failed." in page.text
    assert "shelf/d_4x.png" in page.links
    assert not [link for link in page.links if "<" in link or " " in link]
    with (out / "restorer-report.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert rows[0]["state"] == "failed"
    assert rows[0]["message"].endswith("is damaged <b>.")
    assert {path.name for path in out.iterdir()} == {"restorer-report.html", "restorer-report.csv"}


def test_no_cell_of_the_table_is_a_formula(journal: Journal, out: Path) -> None:
    from restorer.batch.report import _harmless

    journal.close()
    assert [_harmless(value) for value in ["=1+1", "-1", "@a", "a=1", 5]] == ["'=1+1", "'-1", "'@a", "a=1", 5]


def test_a_report_that_cannot_be_written_is_a_sentence(journal: Journal, out: Path) -> None:
    with journal, pytest.raises(PhotoError, match="--report"):
        write_report(journal, out / "nowhere" / "report.html")
