"""One module per kind of file set; each offers `recognise(files)` and `read(files, options)` and is listed in `formats`."""
