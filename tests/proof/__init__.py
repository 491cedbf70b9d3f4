"""What cannot be proved without other people's programs: Prometheus and its tools, PostgreSQL."""
