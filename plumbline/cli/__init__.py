"""The command line: one file per command, loaded when the command is called.

    main.py             names, help and exit codes; knows no command's code
    serving.py          what `serve` and `demo` share: a socket, uvicorn, the worker, a clean stop
    opening.py          from options and environment to settings and an application
    client.py           how client commands ask: the same GraphQL documents over HTTP, or inside this process on a data folder
    output.py           texts for people, JSON for programs, refusals on stderr

Client commands load neither the server nor SQLAlchemy unless they are pointed at a data folder.
"""
