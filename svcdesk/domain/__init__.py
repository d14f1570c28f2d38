"""Rules of the desk: pure Python, no clock, no input or output."""
