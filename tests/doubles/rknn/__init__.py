"""Stands in for the vendor's package: in tests an interpreter that has it is a toolkit."""
