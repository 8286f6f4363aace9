"""Plans in files: the quantization.cfg of toolkit2 and toolkit1, and our own JSON."""
