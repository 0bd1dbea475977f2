"""Addresses on other networks, and whether their check sums are right.

Ethereum and its kin: EIP-55. Bitcoin: Base58Check (old addresses), Bech32 and Bech32m (BIP-173, BIP-350).
"""

from hashlib import sha256

from accounts.wallets.rules import CHAINS, address_in

EVM_NETWORKS = tuple(CHAINS)
BITCOIN = "bitcoin"

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_SUM, _BECH32M_SUM = 1, 0x2BC830A3
_VERSIONS = (0x00, 0x05)  # pay to a key's hash, pay to a script's hash


def address_on(network: str, typed: str) -> str:
    """The address in its one spelling; empty when it cannot be one of this network."""
    typed = typed.strip()
    if network in EVM_NETWORKS:
        return address_in(typed)
    if network == BITCOIN:
        if typed[:3].lower() == "bc1":
            return _segwit(typed)
        return typed if _is_base58_address(typed) else ""
    return ""


def _is_base58_address(typed: str) -> bool:
    if not 26 <= len(typed) <= 35 or any(character not in _BASE58 for character in typed):
        return False
    number = 0
    for character in typed:
        number = number * 58 + _BASE58.index(character)
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25)
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    ones = len(typed) - len(typed.lstrip("1"))
    return raw[0] in _VERSIONS and zeros == ones and sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _segwit(typed: str) -> str:
    """A Bech32 address in small letters; empty when it is none of Bitcoin's."""
    if not typed.isascii() or typed not in (typed.lower(), typed.upper()) or not 14 <= len(typed) <= 90:
        return ""
    written = typed.lower()
    if any(character not in _BECH32 for character in written[3:]):
        return ""
    values = [_BECH32.index(character) for character in written[3:]]
    version, program = values[0], values[1:-6]
    length, rest = divmod(len(program) * 5, 8)
    is_whole = rest < 5 and (not program or program[-1] & ((1 << rest) - 1) == 0)
    fits = length in (20, 32) if version == 0 else version <= 16 and 2 <= length <= 40
    due = _BECH32_SUM if version == 0 else _BECH32M_SUM
    return written if is_whole and fits and _polymod([3, 3, 0, 2, 3, *values]) == due else ""


def _polymod(values: list[int]) -> int:
    """The check sum of BIP-173 over five-bit values; "bc", expanded, comes first."""
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for bit in range(5):
            total ^= _GENERATOR[bit] if top >> bit & 1 else 0
    return total
