"""What a result is called: by its enlargement and quality, and by what tells it from another result.

In: snapshots of a photo. Out: translated parts of a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ui.i18n import phrases
from ui.i18n.language import tr as _tr
from ui.i18n.model_names import model_names
from ui.model.comparison import framing_edits
from ui.model.result import Snapshot, VariationSet

__all__ = ["compared_names", "result_name", "seeds_of"]


def seeds_of(snapshots: Sequence[Snapshot]) -> tuple[int, ...]:
    """The seeds of all results that a history leads to, each once, in the order in which they were made."""
    records = [
        record
        for snapshot in snapshots
        for record in (
            snapshot.outcome.records if isinstance(snapshot.outcome, VariationSet) else snapshot.records
        )
    ]
    return tuple(dict.fromkeys(record.seed for record in records))


def result_name(snapshot: Snapshot, earlier: Sequence[Snapshot]) -> str:
    """The step of a history that led to a result; `earlier` are the results before it."""
    assert snapshot.record is not None, "only results have a name"
    differs: list[str] = []
    if earlier:
        before, now = _parts(earlier[-1], snapshot)
        differs = [part for other, part in zip(before, now, strict=True) if part != other and part]
    if isinstance(snapshot.outcome, VariationSet):
        outcome = snapshot.outcome
        differs.append(phrases.version_part(outcome.chosen + 1, len(outcome.records)))
    elif earlier and earlier[-1].record is not None and earlier[-1].record.seed != snapshot.record.seed:
        seeds = seeds_of([*earlier, snapshot])
        differs.append(phrases.version_part(seeds.index(snapshot.record.seed) + 1))
    if phrases.fills_only(snapshot.record.figures):
        return phrases.filling_name()
    return phrases.result_name(snapshot.scale, snapshot.preset, differs)


def compared_names(first: Snapshot, second: Snapshot, seeds: Sequence[int] = ()) -> tuple[str, str]:
    """What two results are called beside each other: by quality, and by all else that tells them apart.
    seeds: of all results of the photo, see `seeds_of`."""
    both = first, second
    names = [[phrases.preset_name(each.preset)] for each in both]
    scales = [phrases.scale_name(each.scale) for each in both]
    for one, other in [tuple(scales), *zip(*_parts(*both), strict=True)]:
        if one != other:
            names[0].append(one)
            names[1].append(other)
    records = [each.record for each in both if each.record is not None]
    made = [record.seed for record in records]
    if len(set(made)) > 1:
        order = list(dict.fromkeys([*seeds, *made]))
        for name, seed in zip(names, made, strict=True):
            name.append(phrases.version_part(order.index(seed) + 1))
    one, other = map(phrases.joined, names)
    return one, other


def _parts(first: Snapshot, second: Snapshot) -> tuple[list[str], list[str]]:
    """All that two results were made with but enlargement, quality and seed; empty where it is not known."""
    names_model = first.preset is second.preset  # another quality takes another model by itself
    return _parts_of(first, names_model), _parts_of(second, names_model)


def _parts_of(snapshot: Snapshot, names_model: bool) -> list[str]:
    assert snapshot.record is not None, "only results are told apart"
    figures = snapshot.record.figures
    facts = figures.provenance
    fidelity, repair = facts.get("Fidelity"), facts.get("Repair")
    share = _tr("fidelity {0} %").format(round(100 * fidelity)) if isinstance(fidelity, float) else ""
    repaired = "" if repair is None else _tr("with repair") if repair else _tr("without repair")
    model = model_names(figures.model) if names_model else ""
    tones = phrases.joined(
        phrases.edit_name(edit) for edit in snapshot.edits if edit not in framing_edits(snapshot)
    )
    return [share, repaired, model, _clean_up(facts), tones, *_finish(snapshot)]


def _finish(snapshot: Snapshot) -> tuple[str, str]:
    strength, grain = snapshot.finish.strength, snapshot.finish.grain
    return _tr("strength {0} %").format(round(100 * strength)), _tr("grain {0} %").format(round(100 * grain))


def _clean_up(facts: Mapping[str, object]) -> str:
    """How much was cleaned up, by whose word; empty where the model was not told."""
    chosen, estimated = facts.get("CleanUp"), facts.get("Wear")
    if isinstance(chosen, float):
        return _tr("clean-up {0} %").format(round(100 * chosen))
    return _tr("clean-up Auto: {0} %").format(round(100 * estimated)) if isinstance(estimated, float) else ""
