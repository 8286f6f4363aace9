"""The graph: canvas, painting, legend, search, paths, growth, twins, pictures of it."""
