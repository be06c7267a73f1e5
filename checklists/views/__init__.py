"""Pages of the guided rentrée."""
