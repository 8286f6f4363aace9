"""Fixes change a session's settings, its calibration or its network, and leave the float outputs as they are."""
