"""A study in which people tell a camera's pictures from a network's."""
