"""Mixed precision of a session: search, what is kept of it, files for the vendor's tools."""
