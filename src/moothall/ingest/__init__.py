"""Turns publishers' bytes into observations and the register of areas."""
