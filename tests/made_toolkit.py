"""A package `rknn` that does what a test says, to see what the worker and its host make of it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.sources.toolkit.descriptions import Toolkit

Made = Callable[..., Toolkit]
Calls = Callable[[], list[tuple[str, dict[str, Any]]]]
API = '''
import ctypes, json, os, subprocess, sys, time
{head}
class RKNN:
    def __init__(self, verbose=False):
        print("I rknn-toolkit2 version: 0.0")
    def config(self, **options):
        print("config", sorted(options))
    def load_onnx(self, model):
        {load}
    def build(self, do_quantization, dataset=None):
        {build}
    def export_rknn(self, export_path):
        open(export_path, "w").close()
        return 0
    def hybrid_quantization_step1(self, dataset, proposal):
        for suffix in ("model", "data"):
            open("m." + suffix, "w").close()
        with open("m.quantization.cfg", "w") as file:
            file.write("""{cfg}""")
        return 0
    def hybrid_quantization_step2(self, model_input, data_input, model_quantization_cfg):
        print(open(model_quantization_cfg).read())
        return 0
    def accuracy_analysis(self, inputs, output_dir):
        os.makedirs(os.path.join(output_dir, "golden", "npy"))
        for name in ("error_analysis.txt", "golden/a.txt", "golden/npy/a.npy"):
            open(os.path.join(output_dir, name), "w").close()
        return 0
    def __getattribute__(self, name):
        method = object.__getattribute__(self, name)
        def recorded(**arguments):
            with open({calls!r}, "a") as file:
                file.write(json.dumps([name, arguments]) + "\\n")
            return method(**arguments)
        return recorded
'''
CFG = """custom_quantize_layers:
    b: float16
quantize_parameters:
    a:
        dtype: int8
        min:
        -   -1.0
        max:
        -   1.0
        scale:
        -   0.00784313725490196
        zero_point:
        -   0
    b:
        dtype: int8
        min:
        -   -1.0
        max:
        -   1.0
        scale:
        -   0.00784313725490196
        zero_point:
        -   0
"""


@pytest.fixture
def toolkit_that(tmp_path: Path) -> Made:
    """Makes a toolkit of the given lines; it has this test's interpreter."""

    def make(load: str = "return 0", build: str = "return 0", head: str = "", silence: float = 30.0) -> Toolkit:
        package = tmp_path / "packages" / "rknn" / "api"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").touch()
        text = API.format(load=load, build=build, head=head, cfg=CFG, calls=str(tmp_path / "calls.json"))
        (package / "__init__.py").write_text(text)
        return Toolkit("made", Path(sys.executable), {"PYTHONPATH": str(tmp_path / "packages")}, silence)

    return make


@pytest.fixture
def calls(tmp_path: Path) -> Calls:
    """What the toolkit was called with so far."""
    return lambda: [tuple(json.loads(line)) for line in (tmp_path / "calls.json").read_text().splitlines()]
