"""Rival theories of how officials decide, a file each: a run is lived under one of them."""
