"""Messages to members. What must leave the site (SMS, e-mail) is a row that is owed; the worker delivers it.

Must stay true: no message is lost with the broker, none is sent inside a request, and a code does not stay readable
after it was sent.
"""
