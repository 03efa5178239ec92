"""What the window tells about itself."""
