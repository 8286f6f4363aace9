import codecs
from pathlib import Path

import cv2
import numpy as np
import pytest

from workbench.foundation.errors import DatasetError, SettingsError
from workbench.graph.graph import Tensor
from workbench.preprocess.dataset import Sample, feeds, read_dataset, samples_from_files
from workbench.preprocess.preprocess import Preprocess

VISIBLE, INFRARED = Tensor("vis", (1, 3, 4, 6), "float32"), Tensor("inf", (1, 2), "float32")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png", "with blank.png", "图.png", "it's#1.png"):
        cv2.imencode(".png", np.full((4, 6, 3), 7, np.uint8))[1].tofile(tmp_path / name)
    np.save(tmp_path / "a.npy", np.zeros((1, 2), np.float32))
    return tmp_path


def listed(folder: Path, text: str | bytes) -> Path:
    path = folder / "dataset.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def names(samples: tuple[Sample, ...]) -> list[list[str]]:
    return [[path.name for path in sample.files] for sample in samples]


def test_that_each_line_is_a_sample_with_its_origin(folder: Path) -> None:
    samples = read_dataset(listed(folder, "a.png\nb.png\n"), 1)
    assert samples == (
        Sample((folder / "a.png",), "dataset.txt line 1"),
        Sample((folder / "b.png",), "dataset.txt line 2"),
    )


def test_that_several_inputs_are_separated_by_blanks(folder: Path) -> None:
    assert names(read_dataset(listed(folder, "a.png a.npy\n  b.png \t a.npy  "), 2)) == [
        ["a.png", "a.npy"],
        ["b.png", "a.npy"],
    ]


def test_that_comments_and_blank_lines_count_as_lines_only(folder: Path) -> None:
    samples = read_dataset(listed(folder, "# files\n\n   \na.png # the first\n#b.png\nb.png"), 1)
    assert [sample.origin for sample in samples] == ["dataset.txt line 4", "dataset.txt line 6"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('"with blank.png"', "with blank.png"),
        ("'with blank.png'", "with blank.png"),
        ("it's#1.png", "it's#1.png"),
        ('"it\'s#1.png"', "it's#1.png"),
        ("./a.png", "a.png"),
    ],
)
def test_that_quotes_hold_paths_together(folder: Path, line: str, name: str) -> None:
    assert names(read_dataset(listed(folder, line), 1)) == [[name]]


@pytest.mark.parametrize(
    "raw",
    [
        "图.png\r\na.png\r\n".encode(),
        codecs.BOM_UTF8 + "图.png\na.png".encode(),
        "图.png\na.png".encode("gbk"),
        "图.png\r\na.png".encode("utf-16"),
        "图.png\ra.png".encode(),
    ],
)
def test_that_encodings_and_line_ends_of_other_systems_are_taken(folder: Path, raw: bytes) -> None:
    assert names(read_dataset(listed(folder, raw), 1)) == [["图.png"], ["a.png"]]


def test_that_paths_are_relative_to_the_list_or_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    (folder / "lists").mkdir()
    path = folder / "lists" / "dataset.txt"
    path.write_text(f"../a.png\n{folder / 'b.png'}\n")
    assert all(sample.files[0].is_file() for sample in read_dataset(path, 1))


def test_that_a_missing_file_is_named_with_its_line(folder: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        read_dataset(listed(folder, "a.png\n\nabsent.png\n"), 1)
    assert caught.value.message == f"dataset.txt line 3: {folder / 'absent.png'} does not exist."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.png", "is empty"),
        ("folder.png", "is not a file"),
        ("a.gif", "is none of .jpg"),
        ("a\0.png", "cannot be read"),
    ],
)
def test_that_an_entry_that_cannot_be_fed_is_named_with_its_line(folder: Path, name: str, words: str) -> None:
    (folder / "empty.png").touch()
    (folder / "folder.png").mkdir()
    (folder / "a.gif").write_bytes(b"GIF89a")
    text = f"a.png\n{name}\n"
    with pytest.raises(DatasetError) as caught:
        read_dataset(listed(folder, text.encode("utf-16") if "\0" in name else text), 1)
    assert caught.value.message.startswith("dataset.txt line 2: ")
    assert words in caught.value.message


def test_that_the_first_bad_entries_are_told_together(folder: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        read_dataset(listed(folder, "\n".join(f"{index}.png" for index in range(1, 13))), 1)
    assert caught.value.message.startswith("dataset.txt line 1: ")
    assert "; line 5: " in caught.value.message
    assert "line 6" not in caught.value.message
    assert caught.value.message.endswith("; and 7 more.")


@pytest.mark.parametrize(
    ("line", "inputs", "words"), [("a.png", 2, "1 file for 2 inputs"), ("a.png b.png", 1, "2 files for 1 input")]
)
def test_that_a_line_with_another_number_of_files_is_named(folder: Path, line: str, inputs: int, words: str) -> None:
    good = " ".join(["a.png"] * inputs)
    with pytest.raises(DatasetError, match=rf"^dataset\.txt line 2: {words}\.") as caught:
        read_dataset(listed(folder, f"{good}\n{line}\n"), inputs)
    assert "for each input" in caught.value.hint


def test_that_a_path_with_a_blank_asks_for_quotes(folder: Path) -> None:
    with pytest.raises(DatasetError, match="put the path into quotes"):
        read_dataset(listed(folder, "with blank.png"), 1)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_that_a_list_without_samples_is_an_error(folder: Path, text: str) -> None:
    with pytest.raises(DatasetError, match="names no sample"):
        read_dataset(listed(folder, text), 1)


def test_that_a_picture_is_no_list(folder: Path) -> None:
    with pytest.raises(DatasetError, match=r"a\.png is no list of files"):
        read_dataset(folder / "a.png", 1)


def test_that_a_missing_list_is_named(folder: Path) -> None:
    with pytest.raises(DatasetError, match=r"absent\.txt does not exist"):
        read_dataset(folder / "absent.txt", 1)


def test_that_bytes_of_no_encoding_still_name_their_line(folder: Path) -> None:
    with pytest.raises(DatasetError, match="line 1"):
        read_dataset(listed(folder, b"\xff\xff\x80\x80.png\n"), 1)


def test_that_a_hundred_thousand_lines_are_read(folder: Path) -> None:
    path = listed(folder, "a.png\n" * 100_000)
    assert len(read_dataset(path, 1)) == 100_000


def test_that_a_folder_is_taken_in_natural_order_without_other_files(tmp_path: Path) -> None:
    for name in ("10.PNG", "9.jpg", "a.npy", "labels.txt", ".hidden.png", "b2.bin", "b10.bin"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder.png").mkdir()
    assert names(read_dataset(tmp_path, 1)) == [["9.jpg"], ["10.PNG"], ["a.npy"], ["b2.bin"], ["b10.bin"]]


def test_that_a_folder_with_an_empty_file_names_it(folder: Path) -> None:
    (folder / "c.png").touch()
    with pytest.raises(DatasetError, match=r"c\.png is empty"):
        read_dataset(folder, 1)


def test_that_a_folder_without_usable_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"holds no file of \.jpg"):
        read_dataset(tmp_path, 1)
    (tmp_path / "dataset.txt").touch()
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path, 1)
    assert "dataset.txt" in caught.value.hint


def test_that_a_folder_cannot_feed_several_inputs(folder: Path) -> None:
    with pytest.raises(DatasetError, match="cannot feed a network of 2 inputs") as caught:
        read_dataset(folder, 2)
    assert "dataset.txt" in caught.value.hint


def test_that_files_are_dealt_out_to_the_inputs(folder: Path) -> None:
    a, b, c = folder / "a.png", folder / "b.png", folder / "a.npy"
    assert samples_from_files([a, c, b, c], 2) == (Sample((a, c)), Sample((b, c)))
    assert samples_from_files([a, b], 1) == (Sample((a,)), Sample((b,)))
    assert samples_from_files([], 2) == ()


def test_that_files_that_do_not_go_up_are_an_error(folder: Path) -> None:
    with pytest.raises(DatasetError, match="1 file cannot be shared among 2 inputs"):
        samples_from_files([folder / "a.png"], 2)
    with pytest.raises(DatasetError, match="no input"):
        samples_from_files([folder / "a.png"], 0)


def test_that_a_missing_file_among_the_named_ones_is_an_error(folder: Path) -> None:
    with pytest.raises(DatasetError, match=r"absent\.png does not exist"):
        samples_from_files([folder / "absent.png"], 1)


def test_that_feeds_have_the_inputs_names_and_settings(folder: Path) -> None:
    sample = Sample((folder / "a.png", folder / "a.npy"))
    result = feeds(sample, (VISIBLE, INFRARED), {"vis": Preprocess((7.0,))})
    assert list(result) == ["vis", "inf"]
    assert (result["vis"] == 0).all()
    assert result["inf"].shape == (1, 2)


def test_that_an_error_while_feeding_names_the_line(folder: Path) -> None:
    np.save(folder / "wrong.npy", np.zeros((1, 5, 4, 6)))
    sample = read_dataset(listed(folder, "a.png\nwrong.npy"), 1)[1]
    with pytest.raises(DatasetError, match=r"^dataset\.txt line 2: .*wrong\.npy has shape 1x5x4x6"):
        feeds(sample, (VISIBLE,), {})


def test_that_an_unreadable_picture_names_the_line(folder: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0broken")
    (sample,) = read_dataset(listed(folder, "\nbroken.jpg"), 1)
    with pytest.raises(DatasetError, match=r"^dataset\.txt line 2: .*broken\.jpg is cut off or no picture"):
        feeds(sample, (VISIBLE,), {})


def test_that_wrong_settings_are_no_fault_of_the_line(folder: Path) -> None:
    (sample,) = read_dataset(listed(folder, "a.png"), 1)
    with pytest.raises(SettingsError, match=r"^The input 'vis'"):
        feeds(sample, (VISIBLE,), {"vis": Preprocess((1.0, 2.0))})


def test_that_a_sample_needs_as_many_files_as_inputs(folder: Path) -> None:
    with pytest.raises(DatasetError, match=r"^x line 1: 1 file for 2 inputs"):
        feeds(Sample((folder / "a.png",), "x line 1"), (VISIBLE, INFRARED), {})
