"""The C program on the board: what it feeds, what it reads, and the lines it needs."""
