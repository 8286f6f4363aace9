"""What the views of sweeps show."""
