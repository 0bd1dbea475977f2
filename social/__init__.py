"""What you say: posts, comments, tips, and who follows whom."""
