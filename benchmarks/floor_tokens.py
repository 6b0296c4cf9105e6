"""What nobody who reads the file through pyarrow gets below: its needed columns, cut into cells and left as text.

python benchmarks/floor_tokens.py FILE
"""

import sys

import pyarrow as pa
from pyarrow import csv
from task import COLUMNS

options = csv.ConvertOptions(include_columns=list(COLUMNS), column_types=dict.fromkeys(COLUMNS, pa.string()))
print(len(csv.read_csv(sys.argv[1], convert_options=options)))
