"""The clock of the weekly cycle: decay, tax and stipend of each week, in order, once.

Must stay true: a week runs when it is over, missed weeks run late and in order, and a second beat changes nothing.
Which stages there are and what they do is theirs (config.lib.cycle); here is only when.
"""
