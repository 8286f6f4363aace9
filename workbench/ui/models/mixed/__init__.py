"""What the window shows of mixed precision, without widgets."""
