"""The side of the window where pictures of a class are made."""
