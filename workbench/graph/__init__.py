"""The network: read, validate, fuse, cut, run and lay out."""
