"""The process and the desktop around the window."""
