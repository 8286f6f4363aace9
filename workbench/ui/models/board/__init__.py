"""What the views of boards show, without Qt."""
