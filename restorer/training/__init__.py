"""Training of the networks that ship: data, degradation, optimiser, trainer, queue.

Nothing that runs in the app imports this package.
"""
