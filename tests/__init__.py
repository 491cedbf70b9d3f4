"""The tests. What they start finds compiled files, even where the environment asks Python to keep none."""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
