"""The rig: checks that attack the program, each beside a careless variant that the same attack catches."""
