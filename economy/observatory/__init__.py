"""The state of the economy, read from the ledger's own figures, and its daily snapshots for the charts.

Must stay true: nothing here moves coins; a figure shown can be recomputed from postings.
"""
