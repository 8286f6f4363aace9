"""The settings: inputs, preprocessing, quantization."""
