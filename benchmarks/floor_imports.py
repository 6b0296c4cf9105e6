"""What nobody who uses pandas gets below: Python, and the imports."""

import pandas as pd  # noqa: F401
import pyarrow as pa  # noqa: F401
