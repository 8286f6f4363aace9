"""The rewrites from the user's network to what the NPU computes, one family a module."""
