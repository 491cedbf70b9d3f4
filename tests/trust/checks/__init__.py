"""One file a check, named for its group and what it tries; each defines CHECK."""
