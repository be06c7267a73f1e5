"""What the AAF holds on any day, as streams read from the temporal tables: nothing is copied from layer to layer."""
