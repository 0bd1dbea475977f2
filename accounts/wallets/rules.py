"""Pure rules about addresses: how one is written, the text that its key signs, and whose signature it is.

The text follows EIP-4361, which wallets know: they show it in plain words and warn when the site that asks is not the
site that the text names. It is signed as EIP-191 says (`personal_sign`).
"""

import re
from datetime import UTC, datetime

# EIP-155. A key has the same address on all of them; what runs under the address may differ.
CHAINS = {"ethereum": 1, "polygon": 137, "arbitrum": 42161, "optimism": 10, "base": 8453, "gnosis": 100}

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
_SIGNATURE = re.compile(r"(?:0x)?([0-9a-fA-F]{130})", re.ASCII)
_SPACES = re.compile(r"\s+")

_TEXT = """\
{site} wants you to sign in with your Ethereum account:
{address}

Show that this address on {network} belongs to @{username} at {site}. This moves nothing and costs nothing.

URI: {uri}
Version: 1
Chain ID: {chain}
Nonce: {nonce}
Issued At: {issued}
Expiration Time: {expires}"""


def address_in(typed: str) -> str:
    """An address with the capitals of its checksum (EIP-55); empty when it is none, or when its capitals are wrong."""
    from eth_utils.address import to_checksum_address  # takes half a second, and few ever ask

    plain = typed.strip()
    if _ADDRESS.fullmatch(plain) is None:
        return ""
    written = str(to_checksum_address(plain.lower()))
    has_checksum = plain[2:] not in (plain[2:].lower(), plain[2:].upper())
    return "" if has_checksum and plain != written else written


def shortened(address: str) -> str:
    """The ends of an address, for sentences."""
    return f"{address[:6]}…{address[-4:]}"


def text_to_sign(
    *,
    site: str,
    uri: str,
    username: str,
    address: str,
    network: str,
    label: str,
    nonce: str,
    issued: datetime,
    expires: datetime,
) -> str:
    """What the member is asked to sign. It names who asks, so that nobody can use a text that was made for another."""
    return _TEXT.format(
        site=site,
        uri=uri,
        username=username,
        address=address,
        network=label,
        chain=CHAINS[network],
        nonce=nonce,
        issued=_written(issued),
        expires=_written(expires),
    )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signature_in(typed: str) -> bytes:
    """The 65 bytes of a signature as wallets write it; empty when it is none. Line breaks of a paste are forgiven."""
    found = _SIGNATURE.fullmatch(_SPACES.sub("", typed))
    return bytes.fromhex(found[1]) if found else b""


def signer_of(text: str, signature: bytes) -> str:
    """The address whose key signed a text (EIP-191, version 0x45), with its checksum; empty when none can have."""
    from eth_account import Account  # takes half a second, and few ever ask
    from eth_account.messages import encode_defunct
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    try:
        return str(Account.recover_message(encode_defunct(text=text), signature=signature))
    except (BadSignature, ValidationError, ValueError):
        return ""  # numbers that lie on no curve
