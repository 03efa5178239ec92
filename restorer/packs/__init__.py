"""Model packs: found, described, loaded."""
