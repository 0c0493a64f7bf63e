"""From files' contents to a ranking: the stages in their order, names around the methods."""
