"""Who you are: members and their pages, signing in, wallets as one sees them, messages that go out.

Knows nothing of the apps above it. A wallet's row lives here because it is the member's; its columns change in
`economy.ledger` alone.
"""
