"""Files on their way in: somebody announces a file, gets a signed address, sends the bytes in as many pieces as it takes, and the file
is there once its length and its SHA-256 are proven, which whoever takes the file up does again.

An upload is a row (who, what, how much, until when); its bytes are pieces in the file store, each under the offset at which it begins.
A piece is written whole or not at all and never overwritten, so a broken connection or a killed server costs the piece in flight only,
and how far an upload has come is what the store says.
"""
