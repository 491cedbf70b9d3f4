"""What each command does once its arguments are known. Heavy imports wait inside the functions."""
