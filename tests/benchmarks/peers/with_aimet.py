"""For bench_peers, in an environment that has AIMET-ONNX: a network quantised by it, and how far its layers are off.

python with_aimet.py FOLDER

Weights and activations of 8 bits, scales per channel, ranges of the four inputs. AIMET tells of a layer an error of its
own (mean square); the cosines are of the values that its `LayerOutput` gives of the network with and without
quantization.
"""

import contextlib
import sys
import tempfile

import aimet_onnx
import numpy as np
import onnx
from aimet_onnx.layer_output_utils import LayerOutput
from aimet_onnx.quantsim import QuantizationSimModel
from told import lost, read_inputs, tell

PROVIDERS = ["CPUExecutionProvider"]
QUANTISED = "_updated"  # ends the names of tensors behind a quantizer


def main(folder: str) -> int:
    """Print the losses."""
    inputs = read_inputs(folder)
    with contextlib.redirect_stdout(sys.stderr):
        model = onnx.load(f"{folder}/network.onnx")
        golden = _outputs(model, inputs[0])
        simulated = QuantizationSimModel(
            model, param_type=aimet_onnx.int8, activation_type=aimet_onnx.int8, quant_scheme="min_max",
            config_file="htp_v73", providers=PROVIDERS,
        )  # fmt: skip
        simulated.compute_encodings(inputs)
        other = _outputs(simulated.model.model, inputs[0])
    shared = [name for name in golden if name in other and np.issubdtype(golden[name].dtype, np.floating)]
    tell({name: lost(golden[name], other[name]) for name in shared})
    return 0


def _outputs(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as scratch:
        outputs = LayerOutput(model, PROVIDERS, scratch)
        found = outputs.session.run(outputs.activation_names, feeds)
    names = (name.removesuffix(QUANTISED) for name in outputs.activation_names)
    return dict(zip(names, found, strict=True))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
