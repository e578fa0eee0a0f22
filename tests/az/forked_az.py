"""`az` without its start: the client is loaded once, and each call is a fork of that.

Loading takes the client most of a second, four fifths of what a call costs. A call here runs the same
program from the same first line, in a process of its own with the caller's arguments, environment,
folder and streams; only the modules are there already.

    python forked_az.py serve SOCKET        loads, then forks for whoever connects
    python forked_az.py call SOCKET [ARGUMENT…]
"""

import json
import os
import socket
import struct
import sys


def serve(path):
    import importlib
    import runpy
    import signal

    # What the commands of the scripts load.
    for module in ("auth.identity", "commands.arm", "commands.client_factory", "mock", "util"):
        importlib.import_module(f"azure.cli.core.{module}")
    for group in ("identity", "network", "resource", "role", "storage", "util"):
        importlib.import_module(f"azure.cli.command_modules.{group}.commands")
    for module in ("msal", "requests"):
        importlib.import_module(module)

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(8)
    # Nobody waits for the children here.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            break
        connection.close()
    listener.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Three streams come with the first byte, then the call as text.
    _, streams, _, _ = socket.recv_fds(connection, 1, 3)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    length = struct.unpack("!I", connection.recv(4, socket.MSG_WAITALL))[0]
    call = json.loads(connection.recv(length, socket.MSG_WAITALL))
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["environment"])
    sys.argv[1:] = call["arguments"]
    code = 0
    try:
        runpy.run_module("azure.cli", run_name="__main__", alter_sys=True)
    except SystemExit as it:
        code = it.code if isinstance(it.code, int) else 0 if it.code is None else 1
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(bytes([code]))
    os._exit(code)


def call(path, arguments):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    socket.send_fds(connection, [b"-"], [0, 1, 2])
    text = json.dumps({"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)})
    connection.sendall(struct.pack("!I", len(text.encode())) + text.encode())
    code = connection.recv(1)
    # Nothing comes from a call that broke off.
    return code[0] if code else 70


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        sys.exit(call(sys.argv[2], sys.argv[3:]))
