"""Files in and out: YAML with places, project folders, and writing that leaves no half file."""
