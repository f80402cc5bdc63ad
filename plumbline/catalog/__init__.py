"""What components can be: categories with their attributes, statuses with their order, units.

A category carries a code (it begins the part numbers of most schemes), a type and the attributes that its components have. The type that
configuration knows (MECHANICAL, ELECTRICAL, ASSEMBLY, DOCUMENT, SOFTWARE) is wider than the one the API shows (PART, ASSEMBLY, DOCUMENT);
`model.api_type` maps one to the other.
"""
