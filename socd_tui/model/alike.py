"""Whether two names can be taken for each other: in a hurry, in another script, or cut in a narrow column."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

READ = 15
"""Letters of a name that the narrowest column has room for."""

# Letters of other scripts that most fonts draw like one of ours; by hand from Unicode's confusables.txt.
_LATIN = str.maketrans(
    "аеорсухіѕјһԁԛԝӏАВЕКМНОРСТУХІЅЈ" + "οανρυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ı‐‑‒–—―−’‘`´0O1I|",
    "aeopcyxisjhdqwlABEKMHOPCTYXISJ" + "oavpuikABEZHIKMNOPTYX" + "i-------''''oolll",
)


@lru_cache(maxsize=1 << 14)
def appearance(shown: str) -> str:
    """What an eye sees of a name; the same for names that can be taken for each other."""
    letters = (char for char in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(char))
    seen = "".join(letters).translate(_LATIN).translate(_LATIN).replace("rn", "m")
    return "".join(seen.split())[:READ]
