"""What members did and are known for: one activity row per member and day, and badges.

Must stay true: at most one activity row per member and UTC day; the stipend reads who was active from here.
"""
