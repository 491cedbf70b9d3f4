"""A simulated service on loopback that speaks the documented contract."""
