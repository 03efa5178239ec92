"""Results on their way to files and to other programs."""
