"""The page on which a person moves the weights and sees the ranking move."""
