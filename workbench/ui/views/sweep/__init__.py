"""The view of sweeps."""
