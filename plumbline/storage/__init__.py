"""The floor under every room: connections, the unit of work, intervals, the outbox and the job queue.

A library's history is one numbered line of changes. Whoever wants to write in a library first takes that library's row in
`change_counters`; the number it hands out orders everything the transaction writes. From this one lock follow gapless part numbers,
the impossibility of BOM cycles under concurrency, events in commit order, and time travel by comparing integers.
"""
