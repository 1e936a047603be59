"""A laboratory network: a namespace with tap devices for QEMU, and servers of Debian in it."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import threading
import time

from machine import die_with_parent

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class LabError(AssertionError):
    """The machine that runs the tests cannot provide what they need."""


def _run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        raise LabError(f"{' '.join(command)}: {result.stdout.strip()} (the tests need root, network "
                       "namespaces and /dev/net/tun)")
    return result.stdout


class Lab:
    """Network namespace `name` with tap0 (10.77.0.1/24) and tap1 (10.77.1.1/24)."""

    ADDRESS = "10.77.0.1"

    def __init__(self, folder):
        self.folder = folder
        self.name = f"hawser-{os.getpid()}"
        self._remove_stale()
        if not os.path.exists("/dev/net/tun"):
            raise LabError("/dev/net/tun is missing: the tests connect QEMU by tap devices")
        _run("ip", "netns", "add", self.name)
        try:
            inside = ("ip", "-n", self.name)
            _run(*inside, "link", "set", "lo", "up")
            for index in range(2):
                tap = f"tap{index}"
                _run(*inside, "tuntap", "add", "dev", tap, "mode", "tap")
                _run(*inside, "addr", "add", f"10.77.{index}.1/24", "dev", tap)
                _run(*inside, "link", "set", tap, "up")
            self.congestion_control("cubic")
        except LabError:
            self.close()
            raise

    @staticmethod
    def _remove_stale():
        """Namespaces of test runs that were killed."""
        for line in _run("ip", "netns", "list").splitlines():
            name = line.split()[0]
            if re.fullmatch(r"hawser-\d+", name) and not os.path.exists(f"/proc/{name[7:]}"):
                _run("ip", "netns", "del", name)

    def close(self):
        _run("ip", "netns", "del", self.name)

    def tap(self, index=0):
        """QEMU's -netdev value, but for its id."""
        return f"tap,ifname=tap{index},script=no,downscript=no"

    def congestion_control(self, name):
        """Of servers' connections by tap0 from now on: cubic, as Linux has it, or bbr. By a route, as a namespace's
        own setting may be of some kinds only."""
        self.run(*"ip route replace 10.77.0.0/24 dev tap0 proto kernel scope link src 10.77.0.1".split(),
                 "congctl", name)

    def thread(self, work):
        """Starts a daemon thread whose new sockets belong to the namespace."""

        def enter():
            handle = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
            try:
                if _libc.setns(handle, CLONE_NEWNET):
                    raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")
            finally:
                os.close(handle)
            work()

        thread = threading.Thread(target=enter, daemon=True)
        thread.start()
        return thread

    def inside(self, make):
        """Runs make() in the namespace and returns its result; sockets it makes stay there."""
        results, errors = [], []

        def work():
            try:
                results.append(make())
            except Exception as error:  # handed to the caller's thread
                errors.append(error)

        self.thread(work).join(30)
        if errors:
            raise errors[0]
        return results[0]

    def run(self, *command, timeout=60):
        """Runs a program in the namespace; returns what it printed."""
        result = subprocess.run(["ip", "netns", "exec", self.name, *command], timeout=timeout,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                preexec_fn=die_with_parent)
        assert not result.returncode, f"{' '.join(command)}: {result.stdout.decode()}"
        return result.stdout


class Daemon:
    """A server process in the namespace that writes a log file."""

    def __init__(self, lab, folder, name, command, ready):
        os.makedirs(folder, exist_ok=True)
        program = shutil.which(command[0]) or shutil.which(command[0], path="/usr/sbin:/sbin")
        if not program:
            raise LabError(f"{command[0]} is not installed: run scripts/setup")
        self.log_path = os.path.join(folder, name + ".log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", lab.name, program, *command[1:]], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=die_with_parent)
        deadline = time.monotonic() + 20
        while not ready(self):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise LabError(f"{name} did not start: {self.log()}")
            time.sleep(0.05)

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()


# The configuration most users of boot scripts have: agents that name themselves get a script, all
# others get the agent.
SEED_CONFIG = """
dhcp-userclass=set:ipxe,iPXE
dhcp-boot=tag:!ipxe,undionly.kpxe
dhcp-boot=tag:ipxe,boot.ipxe
pxe-service=tag:!ipxe,x86PC,"Install by network",undionly
"""


def dnsmasq(lab, folder, boot=SEED_CONFIG, tftp_root=None, interface="tap0", options=(), dns=False,
            proxy=False):
    """DHCP (and TFTP, with `tftp_root`) on one tap. `boot` are lines of its configuration, `dns` makes
    it a name server too, `proxy` one that leases no addresses."""
    os.makedirs(folder, exist_ok=True)
    network = {"tap0": "10.77.0", "tap1": "10.77.1", "vlan": "10.77.2"}[interface]
    lines = [
        "port=53\nno-resolv\nno-hosts" if dns else "port=0", "log-dhcp", "user=root", "no-ping", "bind-interfaces", f"interface={interface}",
        f"dhcp-range={network}.0,proxy" if proxy else
        f"dhcp-range={network}.50,{network}.99,255.255.255.0,1h", "dhcp-authoritative",
        f"dhcp-leasefile={folder}/leases-{interface}", f"pid-file={folder}/pid-{interface}", boot]
    if tftp_root:
        lines += ["enable-tftp", f"tftp-root={tftp_root}"]
    lines += options
    config = os.path.join(folder, f"dnsmasq-{interface}.conf")
    with open(config, "w") as file:
        file.write("\n".join(lines) + "\n")
    return Daemon(lab, folder, f"dnsmasq-{interface}",
                  ["dnsmasq", "--keep-in-foreground", "--log-facility=-", f"--conf-file={config}"],
                  lambda daemon: "DHCP, " in daemon.log())


def tftp_server(lab, folder, program, root):
    """Debian's tftpd-hpa or atftpd, by its path: serves `root` on port 69 of the laboratory's address."""
    name = os.path.basename(program)
    options = {"tftpd-hpa": ["--foreground", "--listen", "--verbose", "--verbose", "--user", "root",
                             "--address", lab.ADDRESS, "--secure", root],
               "atftpd": ["--daemon", "--no-fork", "--user", "root", "--group", "root",
                          "--bind-address", lab.ADDRESS, "--logfile", "-", root]}[name]
    return Daemon(lab, folder, name, [program, *options],
                  lambda _: b":69 " in lab.run("ss", "-nuHl", "sport", "=", ":69"))


NGINX_CONFIG = """
user root; worker_processes 1; worker_rlimit_nofile 8192; daemon off; master_process off; pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 4096; }}
http {{
  default_type application/octet-stream; sendfile on; keepalive_timeout 30;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  log_format connections '$connection $connection_requests "$request" $status "$http_user_agent"';
  access_log {folder}/access.log connections;
  log_format tls '$ssl_protocol $ssl_cipher $ssl_session_reused $server_port "$request" $status';
  server {{ listen {address}:80; root {root}; }}
{tls}}}
"""

# One of the ports with TLS. Weak keys and digests are served as well: refusing them is our work.
NGINX_TLS = """
  server {{
    listen {address}:{port} ssl; root {root}; access_log {folder}/tls.log tls;
    ssl_certificate {certificates}/{name}.pem; ssl_certificate_key {certificates}/{name}.key;
    ssl_ciphers DEFAULT:@SECLEVEL=0; ssl_session_cache {cache}; ssl_protocols {versions};
    {extra}
  }}
"""


class Nginx(Daemon):
    """HTTP/1.1 server of `root` on port 80 of the laboratory's address, and with TLS on the ports that
    `tls` lists: dictionaries of port, name (of a certificate), and what else NGINX_TLS has."""

    def __init__(self, lab, folder, root, certificates=None, tls=()):
        os.makedirs(folder, exist_ok=True)
        defaults = {"folder": folder, "address": lab.ADDRESS, "root": root,
                    "certificates": certificates, "versions": "TLSv1.2 TLSv1.3", "extra": ""}
        tls_servers = "".join(
            NGINX_TLS.format(**(defaults | {"cache": f"shared:tls{server['port']}:1m"} | server))
            for server in tls)
        self.folder, self.root = folder, root
        self._access = os.path.join(folder, "access.log")
        config = os.path.join(folder, "nginx.conf")
        with open(config, "w") as file:
            file.write(NGINX_CONFIG.format(folder=folder, address=lab.ADDRESS, root=root,
                                           tls=tls_servers))
        super().__init__(lab, folder, "nginx", ["nginx", "-c", config, "-p", folder],
                         lambda _: os.path.exists(os.path.join(folder, "nginx.pid")))

    def tls_requests(self):
        """Rows of (version, cipher, session reused, port, request line)."""
        rows = []
        with open(os.path.join(self.folder, "tls.log")) as file:
            for line in file:
                version, cipher, reused, port, rest = line.split(" ", 4)
                rows.append((version, cipher, reused == "r", int(port), rest.split('"')[1]))
        return rows

    def requests(self):
        """Rows of (connection, request number on it, request line, status, user agent)."""
        rows = []
        with open(self._access) as file:
            for line in file:
                connection, number, rest = line.split(" ", 2)
                _, request, status, agent, _ = rest.split('"') if rest.count('"') == 4 else None
                rows.append((int(connection), int(number), request, int(status), agent))
        return rows
