"""The example library: the Thistle P1, a machine of our own invention, with two changes after its first release.

`tables` reads the YAML files beside it, `library.build` carries them out, through actions alone, in an empty library.
"""
