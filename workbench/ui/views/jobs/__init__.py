"""Jobs: strip, table, details."""
