"""Strength and grain of a result that is there, and what was invented of it."""
