"""What the service told us and what the person looks at, as frozen values. Standard library only."""
