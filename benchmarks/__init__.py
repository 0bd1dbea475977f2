"""Speed, as ratios: each operation beside the same work in bare SQL, in one run, alternating. README.md explains."""
