"""Verifies a DSSE envelope by securesystemslib, and prints its payload: verify_envelope.py ENVELOPE PUBLIC_KEY."""

import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

with open(sys.argv[1], encoding="utf-8") as file:
    content = json.load(file)
with open(sys.argv[2], "rb") as file:
    public_key = load_pem_public_key(file.read())

# The library looks for signatures by the key's id.
key = SSlibKey.from_crypto(public_key, keyid=content["signatures"][0]["keyid"])
envelope = Envelope.from_dict(content)
envelope.verify([key], 1)
sys.stdout.buffer.write(envelope.payload)
