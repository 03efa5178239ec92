"""Faces in a run: small ones are protected, a network of their own can restore the others."""
