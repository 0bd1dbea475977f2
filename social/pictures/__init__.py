"""Pictures in posts: up to four, each drawn anew from its pixels.

What must stay true: nothing of the file that was sent is kept but its pixels; a picture is shown only where its sender
put it. Uploaded first, it belongs to nobody's words; writing a post or a draft takes it along, and what nobody took
along within a day is thrown away. Called by the post's composer, the API and that job.
"""
