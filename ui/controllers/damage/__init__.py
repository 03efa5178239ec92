"""What is marked as damage, found and filled, without a widget."""
