"""What is generated from a definition: explanations, the rule catalogue. It has no facts of its own."""
