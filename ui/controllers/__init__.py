"""What drives the model: runs, files, history. No widget."""
