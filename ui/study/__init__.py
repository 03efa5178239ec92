"""The study: people tell a camera's pictures from the model's."""
