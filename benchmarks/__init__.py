"""Benchmarks: `make bench`. Each prints its figure beside a floor measured in the same run, because machines differ and are shared."""
