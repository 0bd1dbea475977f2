"""The pages of signing in: `entry` lets members in and out; security, sessions, number are theirs once they are in."""
