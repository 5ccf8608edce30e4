"""The performance of every English council, made visible, comparable and understood."""
