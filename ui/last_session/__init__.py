"""What was open, on disk, so that the next start can go on where a crash or a quit ended this one."""
