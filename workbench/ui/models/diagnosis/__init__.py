"""What the views of a diagnosis say."""
