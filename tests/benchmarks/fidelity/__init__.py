"""The vendor's toolkit and the embedded simulator side by side: how alike they are, and how fast."""
