"""Hashtags: words that posts are filed under, and a page for each.

What must stay true: a post is filed under the hashtags in its words, when it is written and anew when it is edited;
`posts_count` holds the posts that can be seen. Called by the operations that write words, and by its own pages.
"""
