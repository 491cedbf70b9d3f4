"""What is known as metrics: families of samples, and their text for Prometheus."""
