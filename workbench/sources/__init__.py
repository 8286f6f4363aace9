"""Everything that can compute the tensors of a network: the reference and the embedded simulator."""
