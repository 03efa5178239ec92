"""What a run takes, before it begins: time, memory, and what to warn of."""
