"""Does a restored face still show the same person? A face network that nothing was trained with is asked.

In: pictures of one face in its frame. Out: the distance of their embeddings; two pictures of one person are
mostly below 0.6, different people above. The network is dlib's (King, JMLR 10, 2009; a ResNet of 29 layers),
in the packages `dlib-bin` and `face-recognition-models`, which are installed apart and with `--no-deps`. It
judges and is in no training loss.
"""

from __future__ import annotations

import importlib.util
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from restorer.errors import RequestError

__all__ = ["Identity"]

_PLACE = (0.21, 0.3, 0.79, 0.88)
"""Left, top, right and bottom of the face in its frame, in parts of the side."""


class Identity:
    """The judge. Raises RequestError, with what to install, where its packages are missing."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("face_recognition_models")
        if importlib.util.find_spec("dlib") is None or spec is None or not spec.submodule_search_locations:
            raise RequestError(
                "The judge of identity needs the packages dlib-bin and face-recognition-models; install them "
                "with: pip install --no-deps dlib-bin face-recognition-models"
            )
        self._dlib: Any = import_module("dlib")
        models = Path(spec.submodule_search_locations[0]) / "models"
        self._points = self._dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
        network = models / "dlib_face_recognition_resnet_model_v1.dat"
        self._network = self._dlib.face_recognition_model_v1(str(network))

    def distance(self, original: np.ndarray, *others: np.ndarray) -> list[float]:
        """From an original to each of the others, all (side, side, 3) uint8 frames of one size. The face lies
        where the original shows it, so that no method is judged by where its landmarks are found."""
        side = original.shape[0]
        place = self._dlib.rectangle(*(round(edge * side) for edge in _PLACE))
        points = self._points(np.ascontiguousarray(original), place)
        first, *rest = (
            np.array(self._network.compute_face_descriptor(np.ascontiguousarray(each), points))
            for each in (original, *others)
        )
        return [float(np.linalg.norm(first - each)) for each in rest]
