"""For tests and demonstrations: real databases, callers that speak, factories, scenarios, and the generated files."""
