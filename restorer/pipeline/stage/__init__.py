"""One stage of a run: from the picture before it to the enlarged one."""
