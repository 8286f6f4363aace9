"""Networks that are not ONNX: their files read without their frameworks, as the same graph of layers and tensors."""
