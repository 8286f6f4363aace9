"""What several views use: plots, dots, copies of rows."""
