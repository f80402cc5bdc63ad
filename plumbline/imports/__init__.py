"""Imports over the network: files are sent to signed addresses, read apart from the server, planned, looked at, applied, and undone if they
were a mistake.

    OPEN ── read ──▶ READING ──▶ PLANNED ── apply ──▶ APPLYING ──▶ APPLIED ── undo ──▶ UNDONE
                        │  ▲        │ ▲                  │
                        ▼  └─ read ─┘ └──── refused ─────┘
                      FAILED (read again with other options)          cancel: from all but APPLYING, APPLIED and UNDONE

An import is a row; its files are uploads, and what was read and planned lies in the file store. Reading and applying are jobs. What files
mean, what a plan is and how it is applied is the business of `exchange`.
"""
