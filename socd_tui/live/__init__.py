"""What happens between the service, the memory and whoever looks: a stream of frozen States. No toolkit."""
