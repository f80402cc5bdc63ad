"""What rooms want of the world, kept by libraries: each module fills a port of a room."""
