"""Pictures in posts: up to four, each drawn anew from its pixels.

A picture is uploaded first and belongs to nobody's words; writing a post or a draft takes it along. What nobody took
along within a day is thrown away.
"""
