"""Which framework a file is of, and which other file belongs to it."""

from pathlib import Path

from workbench.foundation.errors import ModelError

ONNX, TFLITE, TENSORFLOW, CAFFE, DARKNET, PYTORCH = "onnx", "tflite", "tensorflow", "caffe", "darknet", "pytorch"
RKNN = "rknn"  # the toolkit's own graph: it can be looked at
TITLES = {
    ONNX: "ONNX", TFLITE: "TensorFlow Lite", TENSORFLOW: "TensorFlow", CAFFE: "Caffe", DARKNET: "Darknet",
    PYTORCH: "TorchScript", RKNN: "the toolkit's own graph",
}  # fmt: skip
SUFFIXES = {
    ".tflite": TFLITE, ".pb": TENSORFLOW, ".prototxt": CAFFE, ".caffemodel": CAFFE, ".cfg": DARKNET,
    ".weights": DARKNET, ".pt": PYTORCH, ".pth": PYTORCH, ".torchscript": PYTORCH,
    ".model": RKNN,
}  # fmt: skip
PAIRS = {CAFFE: (".prototxt", ".caffemodel"), DARKNET: (".cfg", ".weights")}
TFLITE_MARK = b"TFL3"


def framework_of(path: Path) -> str:
    """The framework of a network's file, by its name; a file of TensorFlow Lite tells it in any case."""
    if path.suffix.lower() in SUFFIXES:
        return SUFFIXES[path.suffix.lower()]
    return TFLITE if _head(path)[4:8] == TFLITE_MARK else ONNX


def files_of(path: Path, weights: Path | None = None) -> tuple[Path, ...]:
    """The files that a network consists of, as its framework's loader takes them; () for ONNX.

    Of a pair either file may be given; `weights` is the other one where it does not lie beside it under its name.
    """
    framework = framework_of(path)
    if framework == ONNX:
        return ()
    if framework not in PAIRS:
        return (path,)
    first, second = PAIRS[framework]
    other = weights or _beside(path, second if path.suffix.lower() == first else first)
    pair = (path, other) if path.suffix.lower() == first else (other, path)
    if [file.suffix.lower() for file in pair] != [first, second]:
        raise ModelError(f"{other} does not belong to {path.name}.", f"A network of {TITLES[framework]} is a {first} "
                         f"and a {second} file.")  # fmt: skip
    return pair


def read_text(path: Path) -> str:
    """The text of a file that describes a network."""
    data = read_bytes(path)
    if b"\0" in data:
        raise ModelError(f"{path} is no text.", "Give the file that describes the network.")
    return data.decode("utf-8-sig", "replace")


def read_bytes(path: Path) -> bytes:
    """The bytes of a network's file."""
    read_start(path)
    return path.read_bytes()


def read_start(path: Path) -> bytes:
    """The first bytes of a network's file; one that is missing, empty or a folder is a `ModelError`."""
    try:
        if path.exists() and not path.is_file():
            raise ModelError(f"{path} is no file.", "Give the file of the network itself.")
        with path.open("rb") as file:
            start = file.read(64)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelError(f"Cannot open {path}: {reason}.", "Check the path and its permissions.") from error
    if not start:
        raise ModelError(f"{path} is empty.", "Download or export the network again.")
    if start.startswith(b"version https://git-lfs"):
        raise ModelError(f"{path} is a Git LFS pointer, not the network itself.", "Fetch the file with `git lfs pull`.")
    return start


def _beside(path: Path, suffix: str) -> Path:
    """The file with the same name and this suffix, else the only one with the suffix in the folder."""
    folder = path.parent
    named = [file for file in _files(folder) if file.suffix.lower() == suffix]
    same = [file for file in named if file.stem == path.stem]
    if same or len(named) == 1:
        return (same or named)[0]
    what = f"several {suffix} files lie" if named else f"no {suffix} file lies"
    hint = f"Put {path.stem}{suffix} beside it, or name it (on the command line: --weights)."
    raise ModelError(f"{path.name} is half of a network, and {what} beside it.", hint)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.is_file())
    except OSError:
        return []


def _head(path: Path) -> bytes:
    """The first bytes; b"" of what is no file: reading a pipe would wait for ever."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(16)
    except OSError:
        return b""  # who reads it says why it cannot be read
