"""From the rooms' values to the nested dicts that answers are made of, loading only what is selected."""
