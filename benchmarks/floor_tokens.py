"""What nobody who reads the file through pyarrow gets below: the columns we understand, cut into cells and left as text.

These are all columns but the one that names a person; they are what ``analysis`` makes of such a file.

python benchmarks/floor_tokens.py FILE
"""

import sys

import pyarrow as pa
from pyarrow import csv
from task import APPLICANT

with csv.open_csv(sys.argv[1]) as file:
    columns = [name for name in file.schema.names if name != APPLICANT]
options = csv.ConvertOptions(include_columns=columns, column_types=dict.fromkeys(columns, pa.string()))
print(len(csv.read_csv(sys.argv[1], convert_options=options)))
