"""The snippets: they compile, they run, and what they feed and read is what the network expects."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.capi.inputs import IMAGENET, NETWORKS, as_fed, expected, network, picture
from workbench.capi.expected import Expected
from workbench.capi.outputs import NetworkOutput
from workbench.capi.snippets import feeding, snippet
from workbench.foundation.errors import SettingsError
from workbench.graph.graph import Tensor
from workbench.preprocess.preprocess import Preprocess
from workbench.quantize.encoding import Encoding

HEADERS = Path(__file__).parent / "headers"
OUTPUTS = (
    NetworkOutput("scores", (1, 4), Encoding("int8", (0.05,), (-7,))),
    NetworkOutput("boxes", (1, 2, 1, 2), Encoding("uint8", (4.625256,), (136,))),
    NetworkOutput("fixed", (3,), Encoding("int16", (2.0**-5,), (0,), is_narrow=True)),
    NetworkOutput("half", (5,), Encoding("float16")),
    NetworkOutput("plain", (2,), None),
)
STORED = (
    np.array([-128, -7, 0, 127], np.int8),
    np.array([0, 124, 136, 255], np.uint8),
    np.array([-32767, 1, 320], np.int16),
    np.array([1.5, -2.25e-7, 65504, -np.inf, 0], np.float16),
    np.array([1.25, -3], np.float32),
)
READ_TWICE = """
    for (int want = 0; want < 2; ++want) {
        std::vector<std::vector<float>> values;
        if (read(0, want, values)) return 3;
        for (auto& one : values) {
            for (float value : one) printf("%.9g ", value);
            printf("\\n");
        }
    }
}"""
HOSTILE = 'x" */ \n#include "/etc/passwd"\\\n); system("rm") #'
each_network = pytest.mark.parametrize("name", NETWORKS)
either_way = pytest.mark.parametrize("is_passed", [False, True])


@pytest.fixture(scope="module")
def compiler() -> str:
    found = shutil.which("g++") or shutil.which("clang++")
    if found is None:
        pytest.skip("needs a C++ compiler: apt install g++")
    return found


def built(compiler: str, folder: Path, text: str, pictures: Sequence[np.ndarray]) -> str:
    """Compile a snippet with a main that feeds the pictures and reads twice; gives what the program printed."""
    arguments = []
    lines = [text, "int main() {", "    FILE* file;"]
    for index, image in enumerate(pictures):
        image.tofile(folder / f"picture_{index}")
        if image.ndim == 3:
            lines.append(f"    cv::Mat p{index}({image.shape[0]}, {image.shape[1]}, {8 * (image.shape[2] - 1)});")
            arguments.append(f"p{index}")
            place = f"p{index}.data"
        else:
            lines.append(f"    std::vector<float> p{index}({image.size});")
            arguments.append(f"p{index}.data()")
            place = arguments[-1]
        lines.append(f'    file = fopen("picture_{index}", "rb");')
        lines.append(f"    if (fread({place}, 1, {image.nbytes}, file) != {image.nbytes}) return 1;")
        lines.append("    fclose(file);")
    lines.append(f"    if (feed(0, {', '.join(arguments)})) return 2;\n{READ_TWICE}")
    (folder / "main.cpp").write_text("\n".join(lines))
    command = [compiler, "-std=c++14", "-Wall", "-Wextra", "-Werror", "-I", str(HEADERS), "main.cpp", "-o", "main"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    for index, stored in enumerate(STORED):
        stored.tofile(folder / f"stored_{index}")
        real(index).tofile(folder / f"float_{index}")
    run = subprocess.run([folder / "main"], cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    return run.stdout


def real(index: int) -> np.ndarray:
    encoding = OUTPUTS[index].encoding
    return STORED[index] if encoding is None else encoding.dequantize(STORED[index])


def image_of(one: Expected) -> np.ndarray:
    import cv2

    return cv2.imread(str(one.file))


@either_way
@each_network
def test_that_the_program_feeds_what_is_expected(compiler: str, tmp_path: Path, name: str, is_passed: bool) -> None:
    one = expected(tmp_path, name)
    assert one.stored is not None
    wanted = as_fed(one.stored if is_passed else one.pixels, one)
    printed = built(compiler, tmp_path, snippet("c++", [one.input], OUTPUTS, is_passed), [image_of(one)])
    types = {"float32": 0, "float16": 1, "int8": 2, "uint8": 3}
    assert printed.startswith(
        f"input 0 type {types[wanted.dtype.name]} fmt 1 pass_through {int(is_passed)} size {wanted.nbytes}\n"
    )
    fed = np.fromfile(tmp_path / "fed_0", wanted.dtype).reshape(wanted.shape)
    away = np.abs(fed.astype(np.float64) - wanted)
    tie = feeding(0, one.input, is_passed).apart  # pixel values where an exact half is rounded the other way
    assert away.max() <= (1 if tie else 2e-3 if name == "float16" and is_passed else 0)


def test_that_the_program_reads_the_same_numbers_with_want_float_0_and_1(compiler: str, tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    printed = built(compiler, tmp_path, snippet("c++", [one.input], OUTPUTS), [image_of(one)])
    lines = [np.array(line.split(), np.float32) for line in printed.splitlines()[1:]]
    for index in range(len(OUTPUTS)):
        np.testing.assert_allclose(lines[index], real(index), rtol=1e-6)
        np.testing.assert_array_equal(lines[len(OUTPUTS) + index], real(index))


def test_that_several_inputs_are_fed_each_its_own_way(compiler: str, tmp_path: Path) -> None:
    one = expected(tmp_path, "rgb")
    vector = network((1, 6), Preprocess((4.0,), (2.0,)), name="vector")
    vector = replace(vector, encoding=Encoding("int8", (0.1,), (5,)))
    values = np.linspace(-3, 90, 6, dtype=np.float32)
    built(compiler, tmp_path, snippet("c++", [one.input, vector], OUTPUTS, True), [image_of(one), values])
    assert vector.encoding is not None
    wanted = vector.encoding.quantize((values - 4) / 2)
    assert np.array_equal(np.fromfile(tmp_path / "fed_1", np.int8), wanted)
    printed = built(compiler, tmp_path, snippet("c++", [one.input, vector], OUTPUTS), [image_of(one), values])
    assert "input 1 type 0 fmt 3 pass_through 0 size 24" in printed


def test_that_an_input_in_groups_of_channels_is_never_passed(compiler: str, tmp_path: Path) -> None:
    feature = network((1, 16, 2, 2), Preprocess())
    values = np.arange(64, dtype=np.float32)
    printed = built(compiler, tmp_path, snippet("c++", [feature], OUTPUTS, True), [values])
    assert "type 0 fmt 1 pass_through 0 size 256" in printed


@pytest.mark.parametrize("rule", ["letterbox", "crop", "stretch"])
def test_that_a_picture_of_another_size_is_brought_to_the_networks(compiler: str, tmp_path: Path, rule: str) -> None:
    settings = replace(IMAGENET, resize=rule)
    one = Expected(network((1, 3, 24, 32), settings), picture(tmp_path, 48, 32))
    text = snippet("c++", [one.input], OUTPUTS)
    built(compiler, tmp_path, text, [image_of(one)])
    fed = np.fromfile(tmp_path / "fed_0", np.uint8).reshape(1, 24, 32, 3)
    away = np.abs(fed.astype(np.int64) - as_fed(one.pixels, one))  # the header takes the nearest pixel
    assert away.mean() < 12
    assert (fed[0, :, :8] == 114).all() == (rule == "letterbox")


@either_way
@each_network
def test_that_the_python_program_feeds_what_is_expected(tmp_path: Path, name: str, is_passed: bool) -> None:
    one = expected(tmp_path, name)
    assert one.stored is not None
    recorder = _Recorder()
    module = run_python(snippet("python", [one.input], OUTPUTS, is_passed))
    module["infer"](recorder, [image_of(one)])
    (fed,) = recorder.inputs
    wanted = as_fed(one.stored if is_passed else one.pixels, one)
    assert (fed.dtype, fed.shape, recorder.passed) == (wanted.dtype, wanted.shape, [int(is_passed)])
    away = np.abs(fed.astype(np.float64) - wanted)
    assert away.max() <= (1 if feeding(0, one.input, is_passed).apart else 2e-3 if name == "float16" else 0)


@pytest.mark.parametrize("rule", ["letterbox", "crop", "stretch"])
def test_that_the_python_program_resizes_as_the_session_does(tmp_path: Path, rule: str) -> None:
    one = Expected(network((1, 3, 24, 32), replace(IMAGENET, resize=rule)), picture(tmp_path, 51, 37))
    module = run_python(snippet("python", [one.input], OUTPUTS))
    assert np.array_equal(module["prepare_0"](image_of(one)), as_fed(one.pixels, one))


def test_that_the_python_program_reads_outputs_of_a_c_program() -> None:
    module = run_python(snippet("python", [NETWORKS["rgb"]], OUTPUTS))
    for index in range(len(OUTPUTS)):
        np.testing.assert_array_equal(module[f"output_{index}"](STORED[index]), real(index))


@pytest.mark.parametrize("language", ["c++", "python"])
def test_that_a_name_cannot_become_code(compiler: str, tmp_path: Path, language: str) -> None:
    one = expected(tmp_path, "rgb")
    hostile = replace(one.input, tensor=Tensor(HOSTILE, one.input.shape, "float32"))
    outputs = [replace(OUTPUTS[0], name=HOSTILE), *OUTPUTS[1:]]
    text = snippet(language, [hostile], outputs)
    mark = "//" if language == "c++" else "#"
    assert all(line.lstrip().startswith(mark) for line in text.splitlines() if "passwd" in line or "rm" in line)
    if language == "c++":
        built(compiler, tmp_path, text, [image_of(one)])
    else:
        run_python(text)


@pytest.mark.parametrize(
    "encoding",
    [
        Encoding("int8(0); import os  #", (0.1,), (0,)),
        Encoding("int8", ("1); import os #",), (0,)),  # type: ignore[arg-type]
        Encoding("int8", (0.1,), ("0",)),  # type: ignore[arg-type]
        Encoding("int8", (float("nan"),), (0,)),
    ],
)
def test_that_encodings_of_a_strangers_session_cannot_become_code(encoding: Encoding) -> None:
    for language in ("c++", "python"):
        with pytest.raises(SettingsError, match="damaged"):
            snippet(language, [NETWORKS["rgb"]], [replace(OUTPUTS[0], encoding=encoding)])
        with pytest.raises(SettingsError, match="damaged"):
            snippet(language, [replace(NETWORKS["rgb"], encoding=encoding)], OUTPUTS, True)


def test_that_settings_of_a_strangers_session_cannot_become_code() -> None:
    settings = replace(IMAGENET, order="rgb\n}\nint evil = 1;//", resize="x\n#error")
    text = snippet("c++", [replace(NETWORKS["rgb"], settings=settings)], OUTPUTS)
    assert "int evil" not in [line[:8] for line in text.splitlines()]
    assert "#error" not in text
    assert "evil" not in snippet("python", [replace(NETWORKS["rgb"], settings=settings)], OUTPUTS)


def test_that_a_snippet_in_another_language_is_refused() -> None:
    with pytest.raises(SettingsError, match="fortran"):
        snippet("fortran", [NETWORKS["rgb"]], OUTPUTS)


def test_that_constants_are_those_of_convert_to() -> None:
    text = snippet("c++", [NETWORKS["rv1126"]], OUTPUTS, True)
    assert re.search(r"convertTo\(stored, 16 /\* uint8 \*/, 1\.0, 0\.0\)", text)


def run_python(text: str) -> dict[str, object]:
    module: dict[str, object] = {}
    exec(compile(text, "snippet", "exec"), module)
    return module


class _Recorder:
    inputs: Sequence[np.ndarray]
    passed: Sequence[int]

    def inference(self, inputs: Sequence[np.ndarray], inputs_pass_through: Sequence[int]) -> None:
        self.inputs, self.passed = inputs, inputs_pass_through
