"""What members did and are known for: one activity row per member and day, and badges.

Must stay true: at most one activity row per member and UTC day; the stipend reads who was active from here. A member
has a badge once, with how often it was earned. What a rule gives is given by a job and never taken back; what staff
made is given and taken by staff, with a reason.
"""
