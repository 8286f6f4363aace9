"""Mixed precision: what each layer does, the smallest cost for a target, and files that the toolkit takes."""
