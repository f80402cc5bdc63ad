"""Plumbline: the PLM server that hardware teams run themselves."""
