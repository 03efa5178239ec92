"""What the models that ship are called in the window, and what each is for in a line.

A model's own name is a technical one; it stays in files, on the command line, in provenance and among the
details that the Models window shows. Three of them are what most people choose among.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.i18n.language import tr as _tr

CHOICES = ("sr3-photo-large", "sr3-photo", "sr3-photo-scans", "sr3-photo-regression")
"""What is offered first, in this order; a person's own models are, too."""


@dataclass(frozen=True)
class ModelWords:
    """name: in a word or two. line: what it is for."""

    name: str
    line: str


def model_words(name: str) -> ModelWords | None:
    """What a model that ships is called; None for any other."""
    known = {
        "sr3-photo-large": ModelWords(_tr("Standard"), _tr("Sharp and natural. Right for most photos.")),
        "sr3-photo": ModelWords(_tr("Fast"), _tr("Quicker, with a little less detail.")),
        "sr3-photo-regression": ModelWords(
            _tr("Faithful"), _tr("Stays closest to the photo and invents least. Softer.")
        ),
        "sr3-photo-scans": ModelWords(_tr("Worn scans"), _tr("For scans with much grain, blur and dirt.")),
        "sr3-photo-4x": ModelWords(
            _tr("Step by step"),
            _tr("Works in many small steps. Slower, and only at 4×."),  # noqa: RUF001
        ),
        "sr3-repair": ModelWords(
            _tr("Scratch repair"), _tr("Takes out scratches, dust and creases before a photo is enlarged.")
        ),
        "cdm-base": ModelWords(_tr("Picture maker"), _tr("Invents small pictures on the Generate side.")),
        "cdm-2x": ModelWords(_tr("Picture enlarger"), _tr("Enlarges what the picture maker has invented.")),
    }
    return known.get(name)


def model_name(name: str) -> str:
    """What a model is called; its own name where it is none that ships."""
    words = model_words(name)
    return words.name if words is not None else name


def model_names(chain: str) -> str:
    """The same of several that follow each other, as `restorer.pipeline.plan.Cascade.name` joins them."""
    return " + ".join(map(model_name, chain.split(" + ")))
