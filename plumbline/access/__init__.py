"""Who may do what: organizations, their libraries, users, roles and API keys.

An organization owns libraries; a library is the tenant. A user is a member of a library in one of four roles. An API key stands for one
user in one library and never for more than that user may do. Every action and every read declares the one permission it needs
(`permissions.py`); the table of roles and permissions is the whole policy.
"""
