"""What stands around a view: how it is written, whatever it shows."""
