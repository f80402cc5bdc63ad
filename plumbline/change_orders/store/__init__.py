"""Tables and SQL: `orders` and what belongs to them, `runs` of their validations."""
