"""What a run will take and what the photos are like, told before the run. No widget."""
