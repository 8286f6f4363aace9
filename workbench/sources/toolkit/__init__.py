"""The vendor's toolkit: it runs in an interpreter of its own, in a process that may crash."""
