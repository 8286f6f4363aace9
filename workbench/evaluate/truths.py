"""What is on the images of a data set: COCO's JSON, a folder of YOLO's .txt files, or WIDER FACE's list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from workbench.evaluate.detection import Truth
from workbench.evaluate.items import Item
from workbench.evaluate.labels import json_of, key_of, looked_up, refuse_missing, text_of
from workbench.foundation.errors import DatasetError

BOX_HINT = "Give COCO's JSON of instances, a folder of YOLO's .txt files, or WIDER FACE's list."


@dataclass(frozen=True)
class Boxes:
    """The truth by image, and the names of classes as far as the file knows them.

    `relative`: boxes are shares of the picture's width and height. `ids` are those of COCO's categories, by class.
    """

    truths: Mapping[str, Truth]
    names: tuple[str, ...] = ()
    is_relative: bool = False
    ids: tuple[int, ...] = field(default=())


def read_boxes(path: Path, items: Sequence[Item]) -> Boxes:
    """What is on every image; one that the file knows, and knows nothing of, is empty."""
    if path.is_dir():
        return _yolo(path, items)
    text = text_of(path)
    found = _coco(text, path) if text.lstrip().startswith("{") else _wider(text, path)
    by_name = {key_of(name): truth for name, truth in found.truths.items()}
    truths = {item.name: looked_up(by_name, item) for item in items}
    refuse_missing([item for item in items if truths[item.name] is None], path, BOX_HINT)
    known = {name: truth for name, truth in truths.items() if truth is not None}
    return Boxes(known, found.names, ids=found.ids)


def _coco(text: str, path: Path) -> Boxes:
    """Source: cocodataset.org/#format-data, object detection."""
    document = json_of(text, path)
    try:
        categories = sorted((int(one["id"]), str(one.get("name", one["id"]))) for one in document["categories"])
        numbers = {identity: at for at, (identity, _) in enumerate(categories)}
        files = {one["id"]: str(one["file_name"]) for one in document["images"]}
        rows: dict[Any, list[tuple[Any, ...]]] = {identity: [] for identity in files}
        for one in document["annotations"]:
            left, top, width, height = map(float, one["bbox"])
            box = (left, top, left + width, top + height)
            area, is_crowd = float(one.get("area", width * height)), bool(one.get("iscrowd", 0))
            if one["image_id"] in rows:
                rows[one["image_id"]].append((box, numbers[one["category_id"]], area, is_crowd))
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"{path} is no list of COCO's form: {error!r}.", BOX_HINT) from error
    truths = {files[identity]: _truth(found) for identity, found in rows.items()}
    return Boxes(truths, tuple(name for _, name in categories), ids=tuple(identity for identity, _ in categories))


def _truth(rows: Sequence[tuple[Any, ...]]) -> Truth:
    boxes = np.array([row[0] for row in rows], np.float64).reshape(-1, 4)
    if not np.isfinite(boxes).all():
        raise ValueError("a box is not finite")
    classes, areas = np.array([row[1] for row in rows], np.int64), np.array([row[2] for row in rows], np.float64)
    return Truth(boxes, classes, areas, np.array([row[3] for row in rows], np.bool_))


def _wider(text: str, path: Path) -> Boxes:
    """The image, the number of faces, then `x y width height …` for each (one line of zeros where there is none).

    Source: shuoyang1213.me/WIDERFACE, wider_face_split/readme.txt. Faces marked as invalid count neither way.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    truths: dict[str, Truth] = {}
    at = 0
    try:
        while at < len(lines):
            name, count = lines[at], int(lines[at + 1])
            rows = [[float(cell) for cell in line.split()] for line in lines[at + 2 : at + 2 + max(1, count)]]
            faces = [row for row in rows[:count] if row[2] > 0 and row[3] > 0]
            truths[name] = _truth(
                [((x, y, x + w, y + h), 0, w * h, _invalid(row)) for row in faces for x, y, w, h in [row[:4]]]
            )
            at += 2 + max(1, count)
    except (ValueError, IndexError) as error:
        raise DatasetError(f"{path} line {at + 1}: no image with its faces.", BOX_HINT) from error
    return Boxes(truths, ("face",))


def _invalid(row: Sequence[float]) -> bool:
    return len(row) > 7 and row[7] == 1


def _yolo(folder: Path, items: Sequence[Item]) -> Boxes:
    """`class x y width height` a line, the centre and the size as shares of the picture; no file: nothing is there."""
    truths = {}
    for item in items:
        path = folder / PurePosixPath(item.name).with_suffix(".txt").name
        lines = text_of(path).split("\n") if path.is_file() else []
        rows = []
        for number, line in enumerate(lines, start=1):
            cells = line.split()
            if not cells:
                continue
            try:
                x, y, width, height = map(float, cells[1:5])
                box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
                rows.append((box, int(cells[0]), width * height, False))
            except ValueError as error:
                raise DatasetError(f"{path} line {number}: no class and box.", BOX_HINT) from error
        truths[item.name] = _truth(rows)
    if not any(path.suffix == ".txt" for path in folder.iterdir()):
        raise DatasetError(f"The folder {folder} has no .txt files.", BOX_HINT)
    return Boxes(truths, is_relative=True)


def in_pixels(truth: Truth, width: int, height: int) -> Truth:
    """Of boxes that are shares of a picture, those in its pixels."""
    boxes = truth.boxes * np.array((width, height, width, height), np.float64)
    return Truth(boxes, truth.classes, truth.areas * width * height, truth.crowds)
