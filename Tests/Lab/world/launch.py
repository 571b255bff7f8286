# SPDX-License-Identifier: Apache-2.0
"""launch.py PROGRAM...: runs PROGRAM (lab.sh --inside) in new namespaces and stays outside as the one to signal.

unshare blocks SIGTERM, so the launcher takes it and kills. And it holds one end of a pipe: when it is gone, even by
SIGKILL, the first process inside sees the pipe close and ends the lab.
"""

import os
import signal
import subprocess
import sys


def main():
    user = [] if os.geteuid() == 0 else ["--map-root-user", "--map-auto"]
    reader, _writer = os.pipe()
    signal.signal(signal.SIGINT, lambda *_: None)  # ^C is for the command inside
    child = subprocess.Popen(
        ["unshare", *user, "-nmpf", "--kill-child", "--mount-proc", *sys.argv[1:]],
        env={**os.environ, "LAB_LAUNCHER": str(reader)},
        pass_fds=[reader],
    )
    os.close(reader)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda *_: child.kill())
    status = child.wait()
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
