"""Usage made into answers: pure functions, no drawing, no I/O, no clock."""
