"""What leaves the site for others to show: Atom feeds, sitemaps, robots.txt, and the cards of links.

What must stay true: it holds what every visitor may see, and nothing else, whoever asks; its addresses are those of
SITE_ADDRESS, and one thing has one address. Called by programs that read the site.
"""
