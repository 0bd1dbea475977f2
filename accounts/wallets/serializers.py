"""Addresses as the API speaks of them."""

from rest_framework import serializers

from accounts.wallets.models import AddressChallenge, Network, WalletAddress
from config.lib.parsing import StrictCharField, StrictSerializer


class AddressSerializer(serializers.ModelSerializer):
    """An address that a member has proved to be theirs."""

    class Meta:
        model = WalletAddress
        fields = ("id", "address", "network", "type", "is_primary", "is_verified", "verified_at")
        read_only_fields = fields


class AskSerializer(StrictSerializer):
    """Which address is to be proved."""

    address = StrictCharField(max_length=100, help_text="0x and 40 hexadecimal digits.")
    network = serializers.ChoiceField(choices=Network.choices)


class ChallengeSerializer(serializers.ModelSerializer):
    """What is to be signed (EIP-191, personal_sign), exactly as it stands."""

    class Meta:
        model = AddressChallenge
        fields = ("id", "address", "network", "words", "expires_at")
        read_only_fields = fields


class SignatureSerializer(StrictSerializer):
    """What the wallet answered."""

    signature = StrictCharField(max_length=1000, help_text="65 bytes in hexadecimal, with or without 0x.")
