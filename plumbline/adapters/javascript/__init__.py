"""Rules in JavaScript, run where they can do no harm. Two walls around each.

The inner one is WebAssembly. QuickJS comes compiled to it, and a WebAssembly module reaches what it is given and nothing else. It is given
a clock that stands, a random number that is none, and a place to write log lines: no file, no network, no environment, so there
is nothing to escape to. Its memory has an end, and it is interrupted at the end of its time wherever it is.

The outer one is a process without environment, files, network (where the system lets us take it away) and rights to start another. It
is killed if it does not answer, and what it says is read like the words of a stranger.

    pool             the runner that rooms see: a few processes, each for one run of rules at a time
    worker           one process as the server sees it: started, asked within a time, killed
    frames           how the two talk: lengths and bytes over pipes

    process          the process itself: `python -m plumbline.adapters.javascript.process`
    bounds           what it may take of the machine
    engine           QuickJS as a module, what it gets of its host, and the end of its time
    guest            one instance of it: calling its functions, its texts, an image of its memory
    judging          one rule in a guest, to the answer
    prelude.js       the part that is JavaScript: console, timers, dates, and the reading of what a rule returned

A context is never used twice. What all rules of a run share (the engine set up, the change order read) is done once, and the memory it left
is copied into a new instance for each rule.
"""
