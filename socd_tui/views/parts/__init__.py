"""What several views say in the same words: names, read-outs, notes, changes, and the measures of tables."""
