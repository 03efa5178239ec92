"""The window's model: photos, results, options. No widget."""
