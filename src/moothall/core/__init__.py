"""The vocabulary every room speaks: areas, functions, periods, values, definitions and problems."""
