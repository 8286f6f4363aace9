"""The layer table: cells, columns, menu, filter, notes."""
