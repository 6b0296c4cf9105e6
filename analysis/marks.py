"""The kinds of output by which a notebook tells the program something that a page does not show."""

FINISHED = "application/vnd.analysis.finished+json"
"""Left by a notebook's last cell: it was reached. Without it a run is no report."""

RECORD = "application/vnd.analysis.record+json"
"""From what and with what the page was made; see ``record.record``."""
