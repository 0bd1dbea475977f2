"""Hashtags: words that posts are filed under, and a page for each.

What must stay true: a post is filed under the hashtags in its words, when it is written and anew when it is edited;
`posts_count` holds those that are out and not removed. A post is filed last in its transaction, because those who use
the same hashtags wait for it. Called by the operations that write words, and by its own pages.
"""
