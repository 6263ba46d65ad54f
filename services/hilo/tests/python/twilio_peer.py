"""Twilio's own Python library at the other end of a Rust test.

    twilio_peer.py sign URL TOKEN                  form parameters as a JSON object on stdin -> signature
    twilio_peer.py validate URL TOKEN SIGNATURE    the same on stdin -> true or false
    twilio_peer.py messages BASE_URL ACCOUNT_SID TOKEN FROM TO
                                                   sends, fetches, lists, fails -> one JSON document

A parameter's value is a string, or a list of strings where a form repeats the name.
Any traceback and a status other than 0 mean that the library could not make sense of an answer.
"""

import argparse
import json
import sys

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client


def sign(args: argparse.Namespace) -> str:
    return RequestValidator(args.token).compute_signature(args.url, json.load(sys.stdin))


def validate(args: argparse.Namespace) -> str:
    valid = RequestValidator(args.token).validate(args.url, json.load(sys.stdin), args.signature)
    return json.dumps(valid)


def messages(args: argparse.Namespace) -> str:
    client = Client(args.account_sid, args.token)
    # The library has no switch for this; its URLs are all built from this attribute.
    client.api.base_url = args.base_url

    created = [
        client.messages.create(from_=args.sender, to=args.to, body=f"peer {n}: ¿qué tal?")
        for n in range(1, 4)
    ]
    fetched = client.messages(created[0].sid).fetch()
    # A page of 2 and a limit of 3: the library must follow next_page_uri once.
    listed = client.messages.list(to=args.to, page_size=2, limit=3)
    return json.dumps(
        {
            "created": [described(message) for message in created],
            "fetched": described(fetched),
            "listed": [described(message) for message in listed],
            "errors": {
                "no_recipient": refused(client, args.sender, ""),
                "bad_recipient": refused(client, args.sender, "+1not-a-number"),
            },
        },
        ensure_ascii=False,
        indent=2,
    )


def described(message) -> dict:
    """What the library parsed, dates included: a wrong date format shows here, as null."""
    return {
        "sid": message.sid,
        "account_sid": message.account_sid,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "direction": message.direction,
        "num_segments": message.num_segments,
        "error_code": message.error_code,
        "date_created": message.date_created and message.date_created.isoformat(),
        "uri": message.uri,
    }


def refused(client: Client, sender: str, to: str) -> dict | None:
    """The error that a bad `to` earns: code 21604 if it is empty, 21211 if it is no number."""
    try:
        client.messages.create(from_=sender, to=to, body="never sent")
    except TwilioRestException as error:
        return {"status": error.status, "code": error.code, "message": error.msg}
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for command, names in (
        (sign, ("url", "token")),
        (validate, ("url", "token", "signature")),
        (messages, ("base_url", "account_sid", "token", "sender", "to")),
    ):
        subparser = commands.add_parser(command.__name__)
        subparser.set_defaults(command=command)
        for name in names:
            subparser.add_argument(name)
    args = parser.parse_args()
    print(args.command(args))


if __name__ == "__main__":
    main()
