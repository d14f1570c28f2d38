"""The parts of the sample data: the story, its cases, and the figures beside them."""
