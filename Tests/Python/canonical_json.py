"""Writes every line of standard input, a JSON document, in the canonical form of RFC 8785."""

import json
import sys

import rfc8785

for line in sys.stdin.buffer:
    sys.stdout.buffer.write(rfc8785.dumps(json.loads(line)) + b"\n")
