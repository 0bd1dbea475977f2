"""Drafts keep pictures too."""

from social.pictures.tests.conftest import _a_folder_of_its_own, send

__all__ = ["_a_folder_of_its_own", "send"]
