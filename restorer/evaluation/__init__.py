"""Measuring restored pictures: figures, peers, tables. Nothing in the app imports it."""
