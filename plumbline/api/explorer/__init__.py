"""The API explorer: GraphiQL, shipped inside, with nothing fetched from elsewhere. `files` says what to serve and under which policy."""
