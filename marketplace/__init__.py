"""What you trade. Its rooms (listings, orders, library, reviews) are built on the ledger and come with the market."""
