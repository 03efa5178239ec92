"""A folder job as text."""

from __future__ import annotations

from pathlib import Path

from restorer.batch.job import BatchJob
from restorer.pipeline.request import Preset


def test_a_job_survives_as_text_and_damage_means_a_new_one() -> None:
    job = BatchJob((Path("/a b"), Path("/c")), Path("/out"), preset=Preset.BEST, types="jpg,tif", watch=True)
    assert BatchJob.from_text(job.to_text()) == job
    for text in ("", "{", "[]", "null", '{"sources": 3}', '{"nothing": 1}'):
        assert BatchJob.from_text(text) == BatchJob()
