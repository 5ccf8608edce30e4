"""The verbs of the commands; each reads one room's product and makes the next."""
