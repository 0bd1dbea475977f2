"""Web, worker and beat under one roof: `manage.py up`.

What must stay true: nothing outlives the supervisor, not even its kill -9 and not even its children's
children, so that the port is free for the next start; what dies comes back; a stop takes at most ten
seconds; one DATA_DIR has one supervisor per process. Nothing here but `announcement` knows the site.
"""
