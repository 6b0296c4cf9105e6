"""How long a test waits for what should end by itself: a guard against hanging on a slow machine, never a measure."""

PATIENCE = 300
"""Seconds."""
