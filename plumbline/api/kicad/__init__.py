"""KiCad's HTTP library: categories and parts, read-only, as KiCad 8 and later ask for them (`/kicad/v1/`).

KiCad knows texts only: every value is one, numbers and switches too. Parts name symbols and footprints of libraries that designers have;
none is sent. The same below `/kicad/released/v1/` shows the newest releases and nothing that was never released.
"""
