"""The side of the window where photos are restored."""
