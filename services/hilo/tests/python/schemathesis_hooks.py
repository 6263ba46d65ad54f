"""What schemathesis_peer.py changes in a request before it is sent."""

import uuid

import schemathesis

KEY = "Idempotency-Key"
# The longest that is not meant to be refused.
LONGEST = 255


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request a key of its own, as long and as right or wrong as the one it had: a
    generator makes the same key for requests that differ, which the API refuses, as it says."""
    key = (case.headers or {}).get(KEY)
    if isinstance(key, str) and 0 < len(key) <= LONGEST:
        own = str(uuid.uuid4())
        case.headers[KEY] = key[: LONGEST - len(own)] + own


@schemathesis.deserializer("text/csv")
def csv(context, response):
    """As the document has it: a text."""
    return response.content.decode()
