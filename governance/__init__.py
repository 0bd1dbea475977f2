"""What we decide. Its rooms (tokens, proposals, ballots, enactment) stand above all that keep the books."""
