"""Runs in the vendor toolkit's interpreter: a quantization.cfg, or what its simulator makes of a quantised network.

python vendor_plans.py '{"model": …, "folder": …, "config": {…}, "dataset": …}'    writes NAME.quantization.cfg
python vendor_plans.py '{"model": …, "folder": …, "config": {…}, "input": …}'      writes output.npy
"""

import json
import os
import sys

import numpy as np

request = json.loads(sys.argv[1])
os.chdir(request["folder"])

from rknn.api import RKNN  # noqa: E402

toolkit = RKNN(verbose=False)
toolkit.config(**request["config"])
done = [toolkit.load_onnx(request["model"])]
if "dataset" in request:
    done.append(toolkit.hybrid_quantization_step1(dataset=request["dataset"]))
else:
    done += [toolkit.build(do_quantization=False), toolkit.init_runtime()]
    array = np.load(request["input"], allow_pickle=False)
    np.save("output.npy", toolkit.inference(inputs=[array], data_format=["nchw"])[0])
sys.exit(0 if all(result == 0 for result in done) else f"the toolkit gave {done}")
