"""Policy's verbs: each file is one lever, found by its name and announced by itself."""
