"""The window that shows, imports and removes models."""
