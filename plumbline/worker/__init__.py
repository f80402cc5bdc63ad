"""Work that is done later: `schedule` puts the recurring jobs into the queue, `loop` takes what is due and does it.

Any number of workers can run beside each other, in one process or in many; what they share is the queue in the database.
"""
