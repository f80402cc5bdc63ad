"""Taking bills of materials out: any view of any product, in the columns that its receiver wants.

Who is who, in the order of events:

    ExportTemplate   what a receiver wants: kind of list, columns, currency (`language`, `template`; those that come along in `shipped`)
    fields           what each word after `field:` means for a row
    PartLine         a row of the list before anybody asks for columns (`lists`): indented, flat or every component once
    ExportedPage     rows as cells, made by `exchange.reads.lists` so many at a time
    Sheet            columns and all rows as one stream: what the writers take (`sheet`)
    write_…          CSV, JSON, JSON lines, XLSX and PDF (`csv_writing`, `json_writing`, `xlsx_writing`; `pdf_writing` on `pdf_layout`)

    Package          a product with everything in it, component by component (`package`), which `pdx_writing` writes
    KicadPart        a component as KiCad places it (`kicad_parts`): for symbol libraries (`kicad_symbols`), and for KiCad's HTTP library

Everything here is pure or writes to the file handed in. No writer keeps rows, so that a list of 100,000 lines costs the memory of a page;
a PDF keeps its drawn pages.
"""
