def make(**kw): pass
