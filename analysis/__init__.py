"""Exports of a one-stop desk in, one verified report per year out.

Data flows one way::

    export file -> files -> raw text -> cleaning -> rows -> counts -> counts that add -> metrics -> rates
                                           |                                                        |
                                           +--> the fate of every line --> sections and charts <----+
                                                                                  |
                                                                       notebook -> report -> one HTML page

``store.load`` gives everything that was read. From there on a table comes first, options are keyword-only, and what
comes out is a new table.

Examples
--------
>>> import pandas as pd
>>> from analysis import counts, metrics, periods
>>> dossiers = pd.DataFrame({
...     "channel": ["online", "in_person"], "status": ["resolved", "pending"], "first_due_on": ["2022-01-10"] * 2,
...     "received_on": ["2022-01-03", "2022-01-04"], "resolved_on": ["2022-01-11", None], "closed_on": [None] * 2,
... }).astype(dict.fromkeys(["received_on", "first_due_on", "resolved_on", "closed_on"], "datetime64[us]"))
>>> january = counts.within(counts.count_intake(dossiers), periods.read_period("2022-01"))
>>> counts.total(january).assign(online_share=metrics.online_share)[["online", "received", "online_share"]]
   online  received  online_share
0       1         2           0.5
"""

import sys

# nbformat imports jsonschema, which builds a grammar of web addresses where JupyterLab is installed: two seconds of every run, for
# formats that no notebook has. Without the grammar jsonschema does not check them.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
