"""What is wrong with a session: diagnosis, fixes, trials beside it, the vendor's troubleshooting path."""
