"""Change orders: proposals to change released things, and their approval. So far the templates that say how one goes."""
