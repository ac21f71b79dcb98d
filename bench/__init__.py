"""How fast a file is judged, measured as whole work and given as ratios within one run. `make bench` runs it."""
