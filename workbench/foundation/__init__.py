"""Errors, steps of long work, files and user settings: what every other package stands on."""
