"""What a session has of the vendor's toolkit."""
