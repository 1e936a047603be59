#!/usr/bin/python3
"""Measures large files from a far server, by one connection and by four, and how much asking for the next
file ahead could save.

  tests/bench/far.py                  three runs of each, in turn: about 45 minutes on a quiet machine
  tests/bench/far.py --only "cubic 1%"  rows whose name contains this

Prints rows for RESULTS.md: seconds from the script's line before the files to the one after them.
"""

import argparse
import os
import statistics

import bench
from bench import HTTP, Bench, Scenario
from machine import Machine

Machine.LONGEST = 900

LINKS = {  # the server's congestion control, round trip in s, loss
    "near": ("cubic", 0, 0),
    "cubic 0%": ("cubic", 0.02, 0),
    "cubic 0.1%": ("cubic", 0.02, 0.001),
    "cubic 1%": ("cubic", 0.02, 0.01),
    "bbr 0%": ("bbr", 0.02, 0),
    "bbr 1%": ("bbr", 0.02, 0.01),
}
FILES = {"16 MiB": (16,), "64 MiB": (64,), "11 of 1 MiB": (1,) * 11, "1 of 11 MiB": (11,),
         "11 of 71 MiB": bench.ELEVEN, "1 of 71 MiB": (71,)}


class Far(Bench):
    """A Bench whose script says how many connections there may be."""

    connections = 4

    def script(self, scenario, agent):
        return [f"set http-connections {self.connections}", *super().script(scenario, agent)]

    def seconds(self, link, files, connections, number):
        control, round_trip, loss = LINKS[link]
        self.connections = connections
        name = f"{link} {files}".replace(" ", "-")
        bench.SCENARIOS[name] = Scenario(HTTP, FILES[files], round_trip=round_trip, loss=loss,
                                         control=control)
        return self.run("Hawser", name, f"{connections}-{number}")["download"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    rows = [(link, files) for link in LINKS for files in FILES if options.only in f"{link} {files}"]
    sizes = {size for sizes in FILES.values() for size in sizes}
    bench.SCENARIOS = {"files": Scenario(HTTP, tuple(sizes))}   # to be made
    laboratory = Far(os.path.join(bench.BUILD, "bench-far"))
    print("| link | files | one connection, s | up to four, s | times faster |\n|---|---|---|---|---|")
    try:
        for link, files in rows:
            taken = {1: [], 4: []}
            for number in range(options.runs):
                for connections, times in taken.items():
                    times.append(laboratory.seconds(link, files, connections, number))
            middle = [statistics.median(times) for times in taken.values()]
            cells = [f"{statistics.median(times):.2f} ({min(times):.2f}-{max(times):.2f})"
                     for times in taken.values()]
            row = [link, files, *cells, f"{middle[0] / middle[1]:.2f}"]
            print(f"| {' | '.join(row)} |", flush=True)
    finally:
        laboratory.close()


if __name__ == "__main__":
    main()
