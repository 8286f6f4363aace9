"""Why the numbers part: rules that look at a session's dumps, try what would mend it, and say what they found."""
