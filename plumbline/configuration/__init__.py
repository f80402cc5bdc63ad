"""Configuration is code: files are checked together, planned against what is there, applied all or nothing, and written back."""
