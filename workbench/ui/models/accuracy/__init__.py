"""What the views of accuracy on a data set show."""
