"""The threads beside the window's, and what crosses between them."""
