"""What the commands share: what a command is, its arguments, and the World it runs in."""
