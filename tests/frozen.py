"""Imported last by a server that forks. A collection in a child would touch, and so copy, every
page of what its parent had loaded; what is frozen is left alone.
"""

import gc

gc.collect()
gc.freeze()
