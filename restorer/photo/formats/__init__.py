"""File formats: what Pillow and OpenCV do not read or write as their formats say."""
