"""The state of a run on disk, so that it goes on after a crash."""
