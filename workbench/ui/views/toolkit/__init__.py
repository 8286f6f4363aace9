"""The dialogs of the vendor's toolkit: which there are, what is converted, which layers stay precise."""
