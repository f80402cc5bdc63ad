"""The tables of the part master: `tables` says what there is, the others read and write it by subject."""
