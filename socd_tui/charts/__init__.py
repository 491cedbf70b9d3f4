"""Numbers and a canvas made into styled spans, exactly canvas-sized. Pure."""
