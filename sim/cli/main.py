"""The entry point of ``parley``: how every end reaches the user as one message and one exit code.

Only what Python needs is imported here, so that Ctrl-C is met politely from the first moment.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

FAILED = 1
INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command line and exit with the code of the contract."""
    try:
        _open_what_is_closed()
        from sim.cli.group import run

        code = run()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # All is done; nothing is left to interrupt.
        sys.stdout.flush()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Once is enough.
        code = _say("interrupted; nothing was written", INTERRUPTED)
    except BrokenPipeError:
        _give_up_stdout()
        code = 0  # The reader has all it wanted.
    except OSError as error:
        _give_up_stdout()
        # Without a name it is a stream; what has a name is told where it is opened, or here.
        what = f"{error.filename}:" if error.filename else "the output cannot be written:"
        code = _say(f"{what} {error.strerror or error}", FAILED)
    except Exception as error:
        code = _say(f"internal error, please report it: {type(error).__name__}: {error}", FAILED)
    sys.exit(code)


def _open_what_is_closed() -> None:
    """Lead a standard stream that the user closed to nowhere.

    Python has None for it, and the next file that is opened would be what C calls standard error.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - open to the end
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def _give_up_stdout() -> None:
    """Send what is left in the buffer nowhere; Python would complain of it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
