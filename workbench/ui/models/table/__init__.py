"""The layer table: values, order, filter, texts. No Qt widgets."""
