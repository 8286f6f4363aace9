"""What a session has of a board, and of the C program there."""
