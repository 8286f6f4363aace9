"""ONNX files that a repair reads and writes as a whole, with their external data inside."""

import hashlib
from pathlib import Path

import onnx

from workbench.foundation.errors import ModelError
from workbench.graph import onnx_file
from workbench.sources.toolkit.repairs.patched import LARGEST, RepairError


def loaded(path: Path) -> onnx.ModelProto:
    """The network with all its tensors."""
    try:
        network, _ = onnx_file.load(path)
        onnx_file.load_external_data(network, path.parent, hashlib.sha256())
    except ModelError as error:
        raise RepairError(error.message, error.hint) from error
    return network


def saved(network: onnx.ModelProto, path: Path) -> bytes:
    """The bytes of the copy, in one file."""
    if network.ByteSize() > LARGEST:
        raise RepairError(
            f"The copy of {path.name} would be larger than 2 GB.", "Repair a smaller part of the network."
        )
    data: bytes = network.SerializeToString()
    return data
