"""The state of a run on disk, so that it goes on after a crash."""

DAYS = 30
"""What was left unfinished and nobody went on with for so long is removed."""
