"""Every reference beside something independent of it."""
