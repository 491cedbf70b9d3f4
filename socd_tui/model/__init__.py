"""The values that all other folders use: frozen, and made of the standard library only."""
