"""What stands around the views and holds for all of them: the picture, the documents, the key list."""
