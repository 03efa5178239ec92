"""The main window, put together."""
