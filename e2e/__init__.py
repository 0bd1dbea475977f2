"""The product as people meet it: started as `make run` starts it, used in Chromium, and stopped without a trace.

Nothing here imports Django or the apps: whatever these tests know, a person with a browser could know.
"""
