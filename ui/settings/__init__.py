"""What a person settles, and what the window remembers."""
