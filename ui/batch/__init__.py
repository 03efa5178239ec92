"""The window that restores folders."""
