"""The findings of a diagnosis, the path that it walks, and what each step costs a layer."""
