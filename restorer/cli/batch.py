"""`restorer batch IN OUT`: whole folders from a shell.

In: arguments. Out: results below OUT, one line or JSON object a photo on stdout, sentences on stderr, a
report, and an exit code. The list of OUT outlives the command: calling it again goes on from there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from restorer.cli.defaults import settle
from restorer.cli.interrupts import patient_interrupts
from restorer.cli.main import add_request_arguments
from restorer.cli.progress_line import Bar, visible
from restorer.cli.restore import request_of
from restorer.errors import RequestError
from restorer.files.naming import TEMPLATE
from restorer.pipeline.event_dispatch import Sink
from restorer.pipeline.events import Notice, Progress
from restorer.text import duration
from restorer.threads import use_threads

if TYPE_CHECKING:
    from restorer.batch.estimate import Rate
    from restorer.batch.find_photos import Filter, Found
    from restorer.batch.journal import Journal
    from restorer.batch.recipe import JobRecipe
    from restorer.batch.runner import Agenda, BatchEvent, Idle, Over
    from restorer.batch.schema import Item

NOTES = """\
settings:
  Device, threads, tile, format, quality, bits, metadata and names are those of the
  window's settings where they are not given here. --no-settings takes the usual ones.

results:
  The sub-folders of IN are mirrored below OUT. What became of each photo is kept in a
  journal, so the same command goes on where it was stopped, killed or cut off. A photo that
  failed stays failed until --retry-failed, or until its file or the options change.

exit code:
  0 if nothing on the list of OUT stands failed, 1 if something does, 2 for arguments
  that make no sense, 130 after Ctrl+C.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.description = "Restore all photos of a folder and its sub-folders."
    parser.epilog = NOTES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("sources", nargs="+", type=Path, metavar="IN", help="a folder, or a photo")
    add("out", type=Path, metavar="OUT", help="the folder for the results")
    add_request_arguments(parser)
    add(
        "--fill-damage",
        action="store_true",
        help="find damage and fill what surely is, before anything else is done to a photo",
    )
    add("--types", metavar="LIST", help="only these, e.g. jpg,tif (default: all that can be read)")
    add("--min-side", type=int, default=0, metavar="N", help="only photos with at least N pixels on a side")
    add("--max-side", type=int, metavar="N", help="only photos with at most N pixels on each side")
    add(
        "--name",
        metavar="TEMPLATE",
        help="name of a result, of {name} {suffix} {scale} {preset} {fidelity} {clean_up} {seed} "
        f"{{model}} {{date}} (default: the settings', or {TEMPLATE})",
    )
    add(
        "--existing",
        choices=["skip", "replace", "both"],
        help="what to do where a file has a result's name: skip the photo, replace the file (as --overwrite "
        "does), or keep both (default: skip)",
    )
    add(
        "--first",
        type=int,
        metavar="N",
        help="only the first N that are to be done, to see how they come out",
    )
    add("--again", action="store_true", help="also restore what Restorer itself has made earlier")
    add("--retry-failed", action="store_true", help="try again what failed")
    add(
        "--forget", action="store_true", help="begin the list of OUT anew; results are recognised, not remade"
    )
    add("--estimate", action="store_true", help="only say how long it takes and how much room it needs")
    add("--watch", action="store_true", help="stay, and restore new photos as they arrive")
    add("--report", type=Path, metavar="FILE", help="the report (default: OUT/restorer-report.html and .csv)")
    add("--cluster", metavar="ADDRESS", help="work on a Ray cluster (auto, local, or HOST:PORT)")


def main(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    settle(args)
    recipe, wanted = _recipe(args), _filter(args)
    from restorer.batch.find_photos import check_places
    from restorer.batch.journal import Journal

    check_places(args.sources, args.out)

    recipe = recipe.with_models()
    bar = Bar(sys.stderr)
    use_threads(args.threads)
    with Journal(args.out) as journal:
        journal.recover()
        if args.forget:
            journal.forget()
        found, troubles, notes = _found(args, wanted, bar)
        ids = journal.add(found, recipe)
        if args.retry_failed:
            journal.retry(ids)
        todo = _waiting(journal, ids)
        rate = _forecast(journal, recipe, todo, bar)
        if args.estimate:
            return 0
        if args.first is not None:
            ids = [item.id for item in todo[: max(0, args.first)]]
        code = _Command(args, journal, recipe, wanted, found, notes, rate, bar).run(ids)
        return 1 if troubles and code == 0 else code


def _recipe(args: argparse.Namespace) -> JobRecipe:
    from restorer.batch.recipe import Existing, JobRecipe

    if args.existing not in (None, "replace") and args.overwrite:
        raise RequestError(f"--overwrite and --existing {args.existing} contradict each other; give one.")
    existing = Existing(args.existing or ("replace" if args.overwrite else "skip"))
    return JobRecipe(
        request=request_of(args, Path()),
        format=args.format or args.usual_format,
        bits=args.bits,
        quality=args.quality,
        template=args.name,
        existing=existing,
        metadata=args.metadata,
        date=args.file_date,
        sixteen=args.sixteen,
        fill_damage=args.fill_damage,
    )


def _filter(args: argparse.Namespace) -> Filter:
    from restorer.batch.find_photos import Filter

    if args.watch and args.first is not None:
        raise RequestError("--watch and --first contradict each other; give one.")
    return replace(Filter.of(args.types, args.min_side, args.max_side), results=args.again)


def _found(args: argparse.Namespace, wanted: Filter, bar: Bar) -> tuple[list[Found], int, list[str]]:
    """What is in the folders, how many of IN cannot be looked into, and what was said of what is left out.

    A folder further down that may not be entered is none of the person's concern, once it is named.
    """
    from restorer.batch.find_photos import find, nothing_in
    from restorer.files.walk import Note, Trouble

    found, troubles, notes = [], 0, []
    named = {path.absolute() for path in args.sources}
    for one in find(args.sources, wanted, leave_out=args.out):
        if isinstance(one, Trouble):
            troubles += one.path.absolute() in named and not isinstance(one, Note)
            notes.append(one.sentence)
            bar.say(f"restorer: {one.sentence}")
        else:
            found.append(one)
    if not found and not notes and not args.watch:
        bar.say(f"restorer: {nothing_in(args.sources)}")
    return found, troubles, notes


def _waiting(journal: Journal, ids: list[int]) -> list[Item]:
    from restorer.batch.schema import ItemState

    mine = set(ids)
    return [item for item in journal.items(ItemState.WAITING) if item.id in mine]


def _forecast(journal: Journal, recipe: JobRecipe, todo: list[Item], bar: Bar) -> Rate | None:
    from restorer.batch import job_text
    from restorer.batch.estimate import estimate, rate

    if not todo:
        return None
    cost = rate(journal, recipe, todo)
    if cost is not None:
        bar.say(job_text.forecast(estimate(todo, recipe, cost, journal.out)))
    return cost


class _PhotoLine(Sink):
    """One photo of many: how far it is, without its phases."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar

    def progress(self, event: Progress) -> None:
        self._bar.progress(event)

    def notice(self, event: Notice) -> None:
        self._bar.notice(event)


class _Command:
    """A run of the command: what the events of the batch do to terminal and exit code."""

    def __init__(
        self,
        args: argparse.Namespace,
        journal: Journal,
        recipe: JobRecipe,
        wanted: Filter,
        found: list[Found],
        notes: list[str],
        rate: Rate | None,
        bar: Bar,
    ) -> None:
        self.args, self.journal, self.recipe, self.wanted = args, journal, recipe, wanted
        self.found, self.notes, self.rate = found, notes, rate
        self.bar, self.photo = bar, _PhotoLine(bar)

    def run(self, ids: list[int]) -> int:
        from restorer.batch import job_text
        from restorer.batch.job_dispatch import dispatch_job
        from restorer.batch.report import write_report
        from restorer.batch.runner import Agenda
        from restorer.batch.schema import ItemState

        agenda = Agenda(item.id for item in _waiting(self.journal, ids))
        with patient_interrupts() as control:
            try:
                if not dispatch_job(self._events(agenda), control, self):
                    raise KeyboardInterrupt
            except KeyboardInterrupt:
                self.bar.say("Stopped, and nothing is half-written. The same command goes on from here.")
                if self.args.watch:  # which has no other end
                    self.bar.say(f"The report is {write_report(self.journal, self.args.report, self.notes)}.")
                return 130
            finally:
                self.bar.clear()
        report = write_report(self.journal, self.args.report, self.notes)
        counts = self.journal.counts()
        self.bar.say(f"{job_text.summary(counts)} The report is {report}.")
        return 1 if counts[ItemState.FAILED] else 0

    def _events(self, agenda: Agenda) -> Iterator[BatchEvent]:
        from restorer.batch.multi_device import devices_for, run_crew

        if self.args.cluster:
            from restorer.batch.cluster import run_cluster

            return run_cluster(self.journal, agenda, self.args.cluster, more=self._watch())
        devices = devices_for(self.args.device)
        return run_crew(self.journal, agenda, devices, more=self._watch())

    def _watch(self) -> Callable[[], list[int]] | None:
        if not self.args.watch:
            return None
        from restorer.batch.watch import Watch

        watch = Watch(self.args.sources, self.wanted, self.args.out, known=self.found)

        def more() -> list[int]:
            ids = self.journal.add(watch.arrived(time.monotonic()), self.recipe)
            return [item.id for item in _waiting(self.journal, ids)] if ids else []

        return more

    # What `dispatch_job` hands over.

    def started(self, item: Item) -> None: ...

    def step(self, item: Item) -> Sink:
        return self.photo

    def item_done(self, item: Item) -> None:
        self._report(item)

    def idle(self, event: Idle) -> None: ...

    def over(self, event: Over) -> None:
        if event.seconds > 0 and not self.args.cluster:
            self.bar.say(
                f"The network worked for {event.busy / event.seconds:.1%} of {duration(event.seconds)}."
            )

    def waits(self) -> None: ...

    def _report(self, item: Item) -> None:
        from restorer.batch.schema import ItemState

        self.bar.clear()
        output = str(self.journal.out / item.output)
        if self.args.json:
            figures = {
                "photo": str(item.source),
                "page": item.page,
                "output": output if item.state is ItemState.DONE else None,
                "state": item.state.value,
                "seconds": None if item.seconds is None else round(item.seconds, 3),
                "error": item.message if item.state is not ItemState.DONE else None,
            }
            print(json.dumps(figures), flush=True)
        elif item.state is ItemState.DONE:
            took = f"in {duration(item.seconds)}" if item.seconds and not item.message else item.message
            print(visible(f"{item.source} -> {output} ({took})"), flush=True)
        if item.state is not ItemState.DONE:
            self.bar.say(f"restorer: {item.message}")
