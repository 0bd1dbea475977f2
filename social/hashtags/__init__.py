"""Hashtags: words that posts are filed under, and a page for each.

A post is filed when it is written and anew when it is edited. `posts_count` holds the posts that can be seen.
"""
