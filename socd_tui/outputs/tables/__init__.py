"""What is remembered as tables with plain names, for spreadsheets, other databases and SQL."""
