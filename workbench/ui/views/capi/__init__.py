"""The window that checks what the C program on a board feeds and reads."""
