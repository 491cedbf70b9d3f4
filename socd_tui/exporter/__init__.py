"""Serves metrics on loopback: one thread asks the service, any number of scrapes read what it has learnt."""
