#!/usr/bin/python3
"""A rack that powers on together: many Hawsers, each with its own MAC address, TCP/IP stack and tap
device, boot at once from one dnsmasq and one nginx, all on this machine.

  make storm                         builds the host program for speed, and runs this
  tests/bench/storm.py [--machines 1000] [--initrd MiB]

They are the host program: the real core and its lwIP, without a QEMU around. Each asks for a lease,
fetches a script by TFTP, a kernel and an initrd by HTTP, and ends where the kernel would start. Prints how
many got there, when, and what it cost the servers.
"""

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests", part) for part in ("qemu", "data")]
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))

import initramfs  # noqa: E402
from lab import Daemon, Lab, LabError, Nginx, _run  # noqa: E402
from machine import die_with_parent  # noqa: E402

ADDRESS, LONGEST = "10.99.0.1", 300
DNSMASQ = """
port=0
user=root
no-ping
interface=br0
bind-interfaces
dhcp-authoritative
dhcp-range=10.99.1.1,10.99.250.254,255.255.0.0,1h
dhcp-lease-max=60000
dhcp-boot=boot.ipxe
enable-tftp
tftp-root={files}
tftp-max=1000
dhcp-leasefile={folder}/leases
pid-file={folder}/pid
log-dhcp
"""


class StormLab(Lab):
    """A namespace with one bridge, on which each machine has a port."""

    ADDRESS = ADDRESS

    def __init__(self, folder, machines):
        self.folder, self.name = folder, f"hawser-{os.getpid()}"
        self._remove_stale()
        _run("ip", "netns", "add", self.name)
        try:
            commands = ["link set lo up", "link add br0 type bridge", f"addr add {ADDRESS}/16 dev br0",
                        "link set br0 up"]
            for index in range(machines):
                # Isolated: what one machine broadcasts reaches the servers and wakes no other process here.
                commands += [f"tuntap add dev t{index} mode tap", f"link set t{index} master br0 up",
                             f"link set t{index} type bridge_slave isolated on"]
            batch = os.path.join(folder, "links")
            with open(batch, "w") as file:
                file.write("\n".join(commands) + "\n")
            _run("ip", "-n", self.name, "-batch", batch)
        except LabError:
            self.close()
            raise


def cpu_seconds(process):
    """Of a process's descendants too, as `ip netns exec` becomes the program itself."""
    with open(f"/proc/{process.pid}/stat") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start(lab, program, index, folder, gate):
    """A machine that waits until somebody writes to the pipe `gate`."""
    # The servers share the processor with all the machines, and come first.
    command = f'read line <"{gate}"; exec nice -n 19 "{program}" --tap t{index} --memory 128'
    with open(os.path.join(folder, f"{index}.log"), "wb") as log:
        return subprocess.Popen(["ip", "netns", "exec", lab.name, "sh", "-c", command],
                                stdin=subprocess.PIPE, stdout=log, stderr=log,
                                preexec_fn=die_with_parent)


def server_drops(lab):
    """UDP datagrams that the servers' sockets had no room for (udp(7), /proc/net/snmp)."""
    names, values = [line.split() for line in lab.run("cat", "/proc/net/snmp").decode().splitlines()
                     if line.startswith("Udp:")]
    return int(values[names.index("RcvbufErrors")])


def wait_for(processes, began):
    """Seconds at which each ended, by its number."""
    ended, left = {}, dict(enumerate(processes))
    while left and time.monotonic() - began < LONGEST:
        for index, process in list(left.items()):
            if process.poll() is not None:
                ended[index] = time.monotonic() - began
                del left[index]
        time.sleep(0.02)
    for process in left.values():
        process.kill()
    return ended


def log_of(folder, index):
    with open(os.path.join(folder, f"{index}.log"), errors="replace") as file:
        return file.read()


def storm(options, folder):
    files, logs = os.path.join(folder, "files"), os.path.join(folder, "machines")
    for each in (files, logs):
        os.makedirs(each)
    data = os.path.join(BUILD, "test-data")
    subprocess.run([os.path.join(ROOT, "tests", "data", "build.sh"), data], check=True)
    shutil.copy(os.path.join(data, "marker-small.bzimage"), os.path.join(files, "kernel"))
    with open(os.path.join(files, "initrd"), "wb") as file:
        file.write(initramfs.noise(1, options.initrd << 20))
    with open(os.path.join(files, "boot.ipxe"), "w") as file:
        file.write(f"#!ipxe\nkernel http://{ADDRESS}/kernel\ninitrd http://{ADDRESS}/initrd\nboot\n")
    program = os.path.abspath(options.program)
    lab = StormLab(folder, options.machines)
    config = os.path.join(folder, "dnsmasq.conf")
    with open(config, "w") as file:
        file.write(DNSMASQ.format(files=files, folder=folder))
    dnsmasq = Daemon(lab, folder, "dnsmasq", ["nice", "-n", "-20", "dnsmasq", "--keep-in-foreground",
                                              "--log-facility=-", f"--conf-file={config}"],
                     lambda daemon: "DHCP, IP range" in daemon.log())
    nginx = Nginx(lab, folder, files)
    gate = os.path.join(folder, "gate")
    os.mkfifo(gate)
    try:
        machines = [start(lab, program, index, logs, gate) for index in range(options.machines)]
        time.sleep(2)
        began = time.monotonic()
        opened = os.open(gate, os.O_WRONLY)   # lets them all go on
        time.sleep(0.1)
        os.close(opened)
        ended = wait_for(machines, began)
        load = {"dnsmasq": cpu_seconds(dnsmasq.process), "nginx": cpu_seconds(nginx.process)}
        dropped = server_drops(lab)
    finally:
        nginx.stop()
        dnsmasq.stop()
        lab.close()
    return logs, machines, ended, load, dropped, dnsmasq.log()


def report(options, logs, machines, ended, load, dropped, dhcp):
    whole = [index for index, process in enumerate(machines)
             if index in ended and process.returncode == 0 and "Load plan" in log_of(logs, index)]
    times = sorted(ended[index] for index in whole)
    print(f"machines that got to their kernel: {len(whole)} of {options.machines}")
    if times:
        print(f"seconds from power-on: first {times[0]:.2f}, median {statistics.median(times):.2f}, "
              f"last {times[-1]:.2f}")
    counts = {word: len(re.findall(word, dhcp)) for word in
              ("DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPACK", "DHCPNAK")}
    print("at the DHCP server: " + ", ".join(f"{count} {word}" for word, count in counts.items()))
    print(f"datagrams that the servers had no room for: {dropped}")
    print("CPU seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in load.items()) +
          f", all machines {resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime:.1f}")
    for index in sorted(set(range(options.machines)) - set(whole))[:3]:
        print(f"machine {index} did not:\n" + log_of(logs, index)[-1500:])
    return len(whole) == options.machines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--machines", type=int, default=1000, help="at most 1000, the ports of a bridge")
    parser.add_argument("--initrd", type=int, default=1, help="MiB of initrd for each")
    parser.add_argument("--program", default=os.path.join(BUILD, "host", "hawser"),
                        help="the host program (default: the one that make storm builds)")
    options = parser.parse_args()
    folder = os.path.join(BUILD, "storm-run")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    sys.exit(not report(options, *storm(options, folder)))


if __name__ == "__main__":
    main()
