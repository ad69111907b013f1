"""Send messages to groups, through the notification blocks that Prefect keeps.

The setting ``ASSURE_NOTIFY_<GROUP>`` names the block of a group: ``ms-teams-webhook/business-unit``, or
``message-address/business-unit`` for e-mail. Addresses and passwords are in the block, in no file of ours.

Belongs here: from a group to its block, and that a message which cannot be sent stops no run. Does not belong here:
words (``tasks.messages``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.blocks.notifications import AppriseNotificationBlock
from pydantic import Field, SecretStr

from tasks.messages import Message

logger = logging.getLogger("assure")


class MessageAddress(AppriseNotificationBlock):
    """An address as Apprise writes it: ``mailtos://user:password@smtp.example.org?to=office@example.org``."""

    _block_type_name = "Message address"
    _block_type_slug = "message-address"
    _description = "Where messages of the annual report's runs go: e-mail or anything else that Apprise knows."

    url: SecretStr = Field(
        default=...,
        title="Address",
        description="E-mail: mailtos://user:password@smtp.example.org?to=office@example.org. Others: see Apprise.",
    )


def setting_of(group: str) -> str:
    """The name of the setting that holds a group's block."""
    return f"ASSURE_NOTIFY_{group.replace('-', '_').upper()}"


def block_of(group: str) -> str:
    """The name of the block of a group on this machine; empty where none is set."""
    return os.environ.get(setting_of(group), "").strip()


def send(messages: Iterable[Message]) -> None:
    """Send each message to its group's block; where that cannot be done, say so in the log of the run, and go on."""
    for message in messages:
        name = block_of(message.to)
        if not name:
            logger.info("Nobody is told: %s (set %s to tell %s)", message.subject, setting_of(message.to), message.to)
            continue
        try:
            block = Block.load(name)
            if not isinstance(block, NotificationBlock):
                raise TypeError
            block.notify(message.text, message.subject)  # type: ignore[unused-coroutine] # none in a sync flow
        except Exception as error:  # noqa: BLE001 - whatever a mail server answers; its words may hold an address
            logger.warning("A message to %s could not be sent through %s: %s", message.to, name, type(error).__name__)
        else:
            logger.info("Told %s: %s", message.to, message.subject)
