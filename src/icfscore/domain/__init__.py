"""What things are: criteria, communities, the tables between stages, and results."""
