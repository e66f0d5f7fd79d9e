# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One JSON object a line: how the orchestrator and its workers talk."""

import json
import os
import sys
import traceback


def serve(worker):
    """Answers each line of standard input by `worker.handle(request) -> dict`,
    or by `worker.forget()`, which lets go of every program, if it asks for that.

    Whatever libraries print goes to standard error, so that answers stay
    alone on the pipe. An exception becomes an {"error": ...} answer.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = worker.forget() or {} if request.get("forget") else worker.handle(request)
        except Exception as error:  # The parent reports it and goes on.
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
