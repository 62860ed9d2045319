"""x."""
VERSION = "0"
