"""Training of assigner's networks: one command per stage (see __main__)."""
