"""The graph as boxes and edges: folding, geometry, colours, paths, growth. No Qt widgets."""
