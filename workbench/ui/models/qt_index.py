"""A place in a model of rows, as Qt hands it out."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
"""What stands above the rows of a table."""
