"""The only package that talks to the network: both payload shapes, the client, the demo service."""
