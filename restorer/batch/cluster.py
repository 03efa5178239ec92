"""The same items as tasks of a Ray cluster: other machines restore, this one keeps the journal.

In: a journal, an agenda, the cluster's address. Out: the same events as `run_items`, less the previews. Every
machine must see the photos and the results under the same paths, and have Restorer with the same packs.
A task that is lost with its machine is started again by Ray; it looks first whether its result is there
already. Ray is an optional package (`pip install ray`); it schedules, we do not.
"""

from __future__ import annotations

import functools
import logging
import os
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from restorer.batch import item_steps
from restorer.batch.item_steps import Names, Place, Ready, Verdict
from restorer.batch.journal import Journal
from restorer.batch.runner import CANCELLED, Agenda, BatchEvent, Idle, ItemDone, More, Over, Started
from restorer.batch.schema import Item, ItemState
from restorer.errors import PackError, RequestError
from restorer.pipeline.events import Done

if TYPE_CHECKING:
    from restorer.pipeline.network_cache import NetworkCache

RETRIES = 3
WAIT_SECONDS = 0.5


def run_cluster(
    journal: Journal, agenda: Agenda, address: str, *, more: More | None = None
) -> Iterator[BatchEvent]:
    """Work through the agenda on a cluster: "auto" for the one this machine belongs to, "local" for one of
    its own, or HOST:PORT. The last event is `Over`. Raises RequestError without Ray or such a cluster, and
    what `run_items` raises."""
    ray = _connected(address)
    try:
        yield from _Cluster(ray, journal, agenda, more).events()
    finally:
        ray.shutdown()


def restore_item(ready: Ready, place: Place) -> Verdict:
    """One item, wherever this runs: read, restore, write. A result that is there already is recognised."""
    from restorer.pipeline import restore

    found = item_steps.again(ready)
    if found is not None:
        return found
    place.tidy([ready.target.parent])  # of a task before that was killed
    loaded = item_steps.load(ready)
    if isinstance(loaded, Verdict):
        return loaded
    assert loaded.photo is not None
    request = replace(ready.recipe.request, source=loaded.photo, preview_side=0)
    try:
        start = time.perf_counter()
        with closing(restore.run(request, _networks())) as events:
            *_, done = events
        assert isinstance(done, Done)
        verdict = item_steps.write(loaded, done, place)
        if verdict.state is ItemState.DONE:
            verdict.values["seconds"] = time.perf_counter() - start
        return verdict
    except Exception as error:
        _networks().clear()
        return item_steps.failed(ready.item, error)


@functools.cache
def _networks() -> NetworkCache:
    """Those of this process: Ray gives a worker one task at a time."""
    from restorer.pipeline.network_cache import NetworkCache

    return NetworkCache()


def _connected(address: str) -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report to its makers
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise RequestError(
            "Working on a cluster needs the optional package ray; install it with pip install ray."
        ) from error
    try:
        ray.init(
            address=None if address == "local" else address,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (ConnectionError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise RequestError(
            f"There is no Ray cluster at {address} ({reason}). Start one, or use --cluster local."
        ) from error
    return ray


class _Cluster:
    """What the driver holds: tasks under way, and the items that they are for."""

    def __init__(self, ray: Any, journal: Journal, agenda: Agenda, more: More | None) -> None:
        self.ray, self.journal, self.agenda, self.more = ray, journal, agenda, more
        self.place = Place.of(journal.out)
        self.names = Names(journal.is_source, journal.another_name)
        self.tasks: dict[Any, Item] = {}
        resources = ray.cluster_resources()
        graphics = int(resources.get("GPU", 0))
        self.most = 2 * max(1, graphics or int(resources.get("CPU", 1)))
        options = {"num_gpus": 1} if graphics else {"num_cpus": 1}
        self.remote = ray.remote(max_retries=RETRIES, **options)(restore_item)
        self.busy = 0.0

    def events(self) -> Iterator[BatchEvent]:
        self.journal.recover()
        begun = time.perf_counter()
        try:
            while True:
                yield from self.fill()
                if self.tasks:
                    yield from self.collect()
                    continue
                news = self.more() if self.more is not None else ()
                if news:
                    self.agenda.add(news)
                elif self.more is not None:
                    yield Idle(0)
                    time.sleep(WAIT_SECONDS)
                elif self.look_again():
                    break
                else:
                    yield Idle(1)
                    time.sleep(WAIT_SECONDS)
            self.place.tidy({output.parent for output in self.journal.outputs()})
            yield Over(time.perf_counter() - begun, self.busy)
        finally:
            for task, item in self.tasks.items():
                with suppress(Exception):
                    self.ray.cancel(task, force=True)
                self.journal.release(item)

    def fill(self) -> Iterator[BatchEvent]:
        """Hand out as many items as the cluster takes, and one each in reserve."""
        while len(self.tasks) < self.most:
            item_id = self.agenda.next()
            if item_id is None:
                return
            item = self.journal.claim(item_id)
            if item is None:
                continue
            looked = item_steps.look(item, self.place, self.names)
            if isinstance(looked, Verdict):
                yield ItemDone(self.journal.record(item, looked.state, looked.message, **looked.values))
                continue
            self.tasks[self.remote.remote(looked, self.place)] = item
            yield Started(item)

    def collect(self) -> Iterator[BatchEvent]:
        """What the cluster has finished since the last time."""
        for task, item in list(self.tasks.items()):
            if self.agenda.cancelled(item.id):
                self.ray.cancel(task, force=True)
        finished, _ = self.ray.wait(list(self.tasks), num_returns=1, timeout=WAIT_SECONDS)
        for task in finished:
            item = self.tasks[task]
            verdict = self.verdict(task, item)
            del self.tasks[task]
            self.busy += verdict.values.get("seconds") or 0.0
            yield ItemDone(self.journal.record(item, verdict.state, verdict.message, **verdict.values))
        if not finished:
            yield Idle(len(self.tasks))

    def verdict(self, task: Any, item: Item) -> Verdict:
        try:
            result: Verdict = self.ray.get(task)
            return result
        except self.ray.exceptions.TaskCancelledError:
            return Verdict(ItemState.SKIPPED, CANCELLED)
        except self.ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, PackError):
                raise error.cause from error
            return item_steps.failed(item, error.cause if isinstance(error.cause, Exception) else error)
        except self.ray.exceptions.RayError as error:
            if self.agenda.cancelled(item.id):
                return Verdict(ItemState.SKIPPED, CANCELLED)
            reason = str(error).strip().splitlines()[0]
            return Verdict(
                ItemState.FAILED,
                f"{item.name} was lost with the machines that worked on it, {RETRIES + 1} times ({reason}). "
                "Look after the cluster, then retry.",
            )

    def look_again(self) -> bool:
        """At the end: whether nothing is in other hands; what has become free goes back on the agenda."""
        mine = set(self.agenda.everything())
        self.journal.recover()
        waiting = [item.id for item in self.journal.items(ItemState.WAITING) if item.id in mine]
        self.agenda.add(waiting)
        return not waiting and not any(item.id in mine for item in self.journal.items(ItemState.RUNNING))
