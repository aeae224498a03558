"""Checks a call by PyPI's standardwebhooks, as a receiver would: {"secret", "headers", "body"} in, ok or the reason out."""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

given = json.load(sys.stdin)
try:
    Webhook(given["secret"]).verify(given["body"], given["headers"])
    print("ok", end="")
except WebhookVerificationError as error:
    print(error, end="")
