"""Members: one account per phone number, its public pages, its profile.

Must stay true: a phone number and a username belong to one account; every account has exactly one primary page.
Operations are called by sign-in, the pages' settings, the API and the admin.
"""
