"""Finding and filling of damage in the engine's thread."""
