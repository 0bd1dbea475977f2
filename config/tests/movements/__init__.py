"""Every row of the table of movements, told to the cent: what moves, what else stands still, and what is refused."""
