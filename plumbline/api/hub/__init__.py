"""The platform API at `/graphql`.

The contract is the text under sdl/. `queries/` and `mutations/` hold one resolver per field of a namespace: each turns wire names into the
words of the rooms, asks a read or runs an action, and hands the answer to `nodes/`. `nodes/` looks ahead at what is selected below and
loads it for all objects at once: one statement per kind of thing and level, however many objects there are. No rule lives here.
"""
